package io.outrider.policy;

import io.outrider.policy.syntax.YamlText;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Reads policies from files and folders the way `opa` does.
///
/// In a folder, every `.rego` file is a module, and every `data.json`, `data.yaml` or `data.yml` is
/// a base document whose path under `data` is its folder's path. A `.json` or `.yaml` file named
/// directly is a base document at the root; a `.tar.gz` is a bundle ([BundleReader]). Hidden files
/// and folders are left out. The order, and so the digest, does not depend on the file system.
public final class PolicyLoader {
  /// Data documents are held in memory many times over while they are read; a larger one is a
  /// mistake.
  private static final long MAX_FILE_BYTES = 256L * 1024 * 1024;

  private PolicyLoader() {}

  /// The policies below the given paths, without their tests.
  public static LoadedPolicies load(List<Path> filesOrFolders) throws IOException {
    return load(filesOrFolders, false);
  }

  /// The policies below the given paths; with `_test.rego` files if `withTests`. A file named
  /// directly is always read.
  ///
  /// Throws [IOException], with the path in its message, for what is missing or cannot be read as
  /// what it claims to be.
  public static LoadedPolicies load(List<Path> filesOrFolders, boolean withTests)
      throws IOException {
    return load(
        filesOrFolders.stream().map(PolicyPath::new).toList(),
        new LoadOptions(withTests, false, List.of()));
  }

  /// The policies and documents below the given paths.
  ///
  /// Throws [IOException], with the path in its message, for what is missing or cannot be read as
  /// what it claims to be.
  public static LoadedPolicies load(List<PolicyPath> filesOrFolders, LoadOptions options)
      throws IOException {
    // Keyed by name, so that a file reached twice is read once and the order is that of the names.
    Map<String, PolicySource> modules = new TreeMap<>();
    Map<String, PolicyData> data = new TreeMap<>();
    for (PolicyPath root : filesOrFolders) {
      Path path = root.path();
      if (Files.isDirectory(path)) {
        folder(root, options, modules, data);
      } else if (!Files.exists(path)) {
        throw new NoSuchFileException(path.toString(), null, "no such policy file or folder");
      } else if (path.toString().endsWith(".tar.gz")) {
        BundleReader.Contents bundle;
        try (InputStream in = Files.newInputStream(path)) {
          bundle = BundleReader.read(nameOf(path), in, options.tests());
        }
        bundle.modules().forEach(module -> modules.put(module.name(), module));
        bundle.data().forEach(document -> data.put(document.name(), below(root, document)));
      } else if (path.toString().endsWith(".rego")) {
        modules.put(nameOf(path), module(path));
      } else if (isDocument(path.toString())) {
        data.put(nameOf(path), new PolicyData(nameOf(path), root.prefix(), read(path)));
      } else {
        throw new IOException(
            "policy file: "
                + path
                + " (expected: a folder, a .tar.gz bundle, or a .rego, .json or .yaml file)");
      }
    }
    return LoadedPolicies.of(List.copyOf(modules.values()), List.copyOf(data.values()));
  }

  /// A folder with a `.manifest` is a bundle and must keep to its roots.
  private static void folder(
      PolicyPath root,
      LoadOptions options,
      Map<String, PolicySource> modules,
      Map<String, PolicyData> data)
      throws IOException {
    Path folder = root.path();
    Path file = folder.resolve(".manifest");
    BundleManifest manifest =
        Files.isRegularFile(file)
            ? BundleManifest.read(nameOf(file), text(file))
            : BundleManifest.NONE;
    for (Path each : filesBelow(folder, options)) {
      String name = each.getFileName().toString();
      if (name.endsWith(".rego") && (options.tests() || !name.endsWith("_test.rego"))) {
        PolicySource module =
            new PolicySource(
                nameOf(each), text(each), manifest.versionOf(nameOf(folder.relativize(each))));
        BundleReader.checkRoots(module, manifest);
        modules.put(module.name(), module);
      } else if (options.everyDocument() ? isDocument(name) : isDataFile(name)) {
        PolicyData document = new PolicyData(nameOf(each), folderPath(folder, each), read(each));
        manifest.checkData(document.name(), document.path(), document.value());
        data.put(document.name(), below(root, document));
      }
    }
  }

  private static PolicyData below(PolicyPath root, PolicyData document) {
    List<String> path = new ArrayList<>(root.prefix());
    path.addAll(document.path());
    return new PolicyData(document.name(), path, document.value());
  }

  private static List<Path> filesBelow(Path folder, LoadOptions options) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !options.leavesOut(folder.relativize(file)))
          .sorted(Comparator.comparing(PolicyLoader::nameOf))
          .toList();
    } catch (java.io.UncheckedIOException e) {
      throw new IOException("policy folder: " + folder + ": " + e.getMessage(), e);
    }
  }

  static boolean isDataFile(String name) {
    return name.equals("data.json") || name.equals("data.yaml") || name.equals("data.yml");
  }

  private static boolean isDocument(String name) {
    return name.endsWith(".json") || name.endsWith(".yaml") || name.endsWith(".yml");
  }

  private static List<String> folderPath(Path root, Path file) {
    List<String> path = new ArrayList<>();
    Path parent = root.relativize(file).getParent();
    if (parent != null) {
      parent.forEach(part -> path.add(part.toString()));
    }
    return path;
  }

  /// The path with `/`, so that names and digests are the same on every system.
  private static String nameOf(Path file) {
    return file.normalize().toString().replace('\\', '/');
  }

  private static PolicySource module(Path file) throws IOException {
    return new PolicySource(nameOf(file), text(file));
  }

  private static RegoValue read(Path file) throws IOException {
    try {
      return document(file.toString(), text(file));
    } catch (IOException e) {
      throw new IOException("data file: " + file + ": " + e.getMessage(), e);
    }
  }

  /// A base document; `name` says whether it is JSON or YAML.
  static RegoValue document(String name, String text) throws IOException {
    try {
      RegoValue value = name.endsWith(".json") ? RegoJson.read(text) : YamlText.read(text);
      if (value instanceof RegoObject) {
        return value;
      }
      throw new IOException(value.typeName() + " (expected: an object)");
    } catch (RegoJsonException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static String text(Path file) throws IOException {
    long size = Files.size(file);
    if (size > MAX_FILE_BYTES) {
      throw new IOException(
          "policy file: " + file + ": " + size + " bytes (expected: <= " + MAX_FILE_BYTES + ")");
    }
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (CharacterCodingException e) {
      throw new IOException("policy file: " + file + ": not UTF-8 (expected: UTF-8 text)", e);
    }
  }
}
