package io.outrider.policy;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.syntax.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/// Reads a bundle as OPA packs it: a `.tar.gz` of `.rego` files, `data.json` or `data.yaml`, and a
/// `.manifest` that says which parts of `data` are its own.
///
/// Compiled forms in it (`policy.wasm`, `plan.json`) and `.signatures.json` are passed over: the
/// policies are compiled here, and trust in the file comes from where it was taken.
final class BundleReader {
  /// All files together, unpacked. Bundles are megabytes at most; an archive can claim terabytes.
  static final long MAX_BYTES = 256L * 1024 * 1024;

  private final String name;
  private final boolean withTests;
  private final List<PolicySource> modules = new ArrayList<>();
  private final List<PolicyData> data = new ArrayList<>();

  private BundleReader(String name, boolean withTests) {
    this.name = name;
    this.withTests = withTests;
  }

  /// What a bundle holds, in the order of the paths in it.
  record Contents(List<PolicySource> modules, List<PolicyData> data) {
    Contents {
      modules = List.copyOf(modules);
      data = List.copyOf(data);
    }
  }

  /// Throws [IOException], with `name` in its message, for what is no bundle or breaks its own
  /// manifest.
  static Contents read(String name, InputStream packed, boolean withTests) throws IOException {
    try {
      return new BundleReader(name, withTests).contents(Tar.read(packed, MAX_BYTES));
    } catch (IOException e) {
      throw new IOException("policy bundle: " + name + ": " + e.getMessage(), e);
    }
  }

  private Contents contents(List<Tar.Entry> unsorted) throws IOException {
    List<Tar.Entry> entries = new ArrayList<>(unsorted);
    entries.sort(Comparator.comparing(Tar.Entry::path));
    BundleManifest manifest = BundleManifest.NONE;
    for (Tar.Entry entry : entries) {
      if (entry.path().equals(".manifest")) {
        manifest = BundleManifest.read(entry.path(), text(entry));
      }
    }
    String last = "";
    for (Tar.Entry entry : entries) {
      if (entry.path().equals(last)) {
        throw new IOException(entry.path() + ": twice in the archive (expected: once)");
      }
      last = entry.path();
      add(entry, manifest);
    }
    return new Contents(modules, data);
  }

  private void add(Tar.Entry entry, BundleManifest manifest) throws IOException {
    List<String> path = List.of(entry.path().split("/"));
    String file = path.getLast();
    if (path.stream().anyMatch(part -> part.startsWith("."))) {
      return;
    }
    String shown = name + "/" + entry.path();
    if (file.endsWith(".rego") && (withTests || !file.endsWith("_test.rego"))) {
      PolicySource module = new PolicySource(shown, text(entry), manifest.versionOf(entry.path()));
      checkRoots(module, manifest);
      modules.add(module);
    } else if (PolicyLoader.isDataFile(file)) {
      PolicyData document =
          new PolicyData(
              shown, path.subList(0, path.size() - 1), PolicyLoader.document(file, text(entry)));
      manifest.checkData(entry.path(), document.path(), document.value());
      data.add(document);
    }
  }

  /// What does not parse has no package yet; compiling it reports why.
  static void checkRoots(PolicySource source, BundleManifest manifest) throws IOException {
    if (manifest.roots().equals(BundleManifest.NONE.roots())) {
      return;
    }
    Module module =
        Parser.parseModule(
            new Source(source.name(), source.text()),
            // Of the packages, which are all that counts here, each version says the same.
            Objects.requireNonNullElse(source.version(), RegoVersion.V1),
            name -> false,
            problem -> {});
    if (module != null && !manifest.owns(module.packagePath())) {
      throw new IOException(
          source.name()
              + ": the roots of its bundle do not permit package "
              + String.join(".", module.packagePath()));
    }
  }

  private static String text(Tar.Entry entry) throws IOException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(entry.bytes())).toString();
    } catch (CharacterCodingException e) {
      throw new IOException(entry.path() + ": not UTF-8 (expected: UTF-8 text)", e);
    }
  }
}
