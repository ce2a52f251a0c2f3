package io.outrider.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.syntax.RegoVersion;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleReaderTest {
  @TempDir Path folder;

  /// A bundle packed by hand, so that it can also be wrong.
  private static final class Packer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Packer file(String path, String text) {
      return entry(path, '0', text.getBytes(UTF_8), text.getBytes(UTF_8).length);
    }

    Packer entry(String path, char type, byte[] bytes, long size) {
      byte[] header = new byte[512];
      put(header, 0, path);
      put(header, 100, "0000644\0");
      put(header, 124, String.format("%011o\0", size));
      put(header, 156, String.valueOf(type));
      put(header, 257, "ustar\00000");
      put(header, 148, "        ");
      long sum = 0;
      for (byte b : header) {
        sum += b & 0xFF;
      }
      put(header, 148, String.format("%06o\0 ", sum));
      out.writeBytes(header);
      out.writeBytes(bytes);
      out.writeBytes(new byte[(512 - bytes.length % 512) % 512]);
      return this;
    }

    private static void put(byte[] header, int at, String text) {
      byte[] bytes = text.getBytes(UTF_8);
      System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    byte[] pack() throws IOException {
      out.writeBytes(new byte[1024]);
      return packed(out.toByteArray());
    }
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(bytes);
    }
    return packed.toByteArray();
  }

  private static BundleReader.Contents read(byte[] packed) throws IOException {
    return BundleReader.read("b.tar.gz", new ByteArrayInputStream(packed), false);
  }

  @Test
  void bundleBecomesModulesAndData() throws Exception {
    byte[] packed =
        new Packer()
            .file("/.manifest", "{\"revision\": \"7\", \"roots\": [\"a\", \"c/d\"]}")
            .file("./a/rules.rego", "package a.rules\nallow if data.a.names[input.name]")
            .file("a/rules_test.rego", "package a.rules_test")
            .file("a/data.json", "{\"names\": {\"ann\": true}}")
            .file("c/data.yaml", "d: [1, 2]\n")
            .file(".signatures.json", "{}")
            .file("policy.wasm", "\0asm")
            .pack();
    BundleReader.Contents bundle = read(packed);
    assertThat(bundle.modules())
        .extracting(PolicySource::name)
        .containsExactly("b.tar.gz/a/rules.rego");
    assertThat(bundle.data())
        .extracting(PolicyData::path)
        .containsExactly(List.of("a"), List.of("c"));
  }

  @Test
  void policiesAreLoadedFromABundleFile() throws Exception {
    Path file = folder.resolve("bundle.tar.gz");
    Files.write(file, new Packer().file("outrider.rego", "package outrider\nallow := true").pack());
    LoadedPolicies policies = PolicyLoader.load(List.of(file));
    assertThat(PolicySet.compile(policies, PolicyOptions.DEFAULT).decide(Policies.json("{}")))
        .isInstanceOf(Decision.Allow.class);
  }

  @Test
  void manifestSaysTheVersionOfTheLanguage() throws Exception {
    String manifest =
        "{\"rego_version\": 1, \"file_rego_versions\": {\"/x/*.rego\": 0, \"*/z.rego\": 2}}";
    byte[] packed =
        new Packer()
            .file(".manifest", manifest)
            .file("x/a.rego", "package x\np[1] { true }")
            .file("x/z.rego", "package x.z\np { true }")
            .file("y.rego", "package y\np contains 1")
            .file("y/z.rego", "package y.z\np if not { false }")
            .pack();
    assertThat(read(packed).modules())
        .extracting(PolicySource::version)
        .as("of globs that match the first by its text counts, as in OPA")
        .containsExactly(RegoVersion.V0, RegoVersion.V2, RegoVersion.V1, RegoVersion.V2);
  }

  @Test
  void whatLiesOutsideOfTheRootsIsRefused() throws Exception {
    Map<String, byte[]> bundles = new LinkedHashMap<>();
    String manifest = "{\"roots\": [\"a\"]}";
    bundles.put(
        "do not permit package b",
        new Packer().file(".manifest", manifest).file("b.rego", "package b\np := 1").pack());
    bundles.put(
        "do not permit data at 'b'",
        new Packer().file(".manifest", manifest).file("data.json", "{\"a\": 1, \"b\": 2}").pack());
    bundles.put(
        "roots that do not overlap",
        new Packer().file(".manifest", "{\"roots\": [\"a\", \"a/b\"]}").pack());
    bundles.put(
        "rego_version: 3 (expected: 0, 1 or 2",
        new Packer().file(".manifest", "{\"rego_version\": 3}").pack());
    bundles.put(
        "file_rego_versions: *: \"old\" (expected: 0, 1 or 2",
        new Packer().file(".manifest", "{\"file_rego_versions\": {\"*\": \"old\"}}").pack());
    bundles.put(
        "file_rego_versions: [: glob: syntax error",
        new Packer().file(".manifest", "{\"file_rego_versions\": {\"[\": 0}}").pack());
    refused(bundles);
  }

  @Test
  void archiveThatIsNotToBeTrustedIsRefused() throws Exception {
    Map<String, byte[]> bundles = new LinkedHashMap<>();
    bundles.put("path ../x.rego", new Packer().file("../x.rego", "package x").pack());
    bundles.put("path a/../../x", new Packer().file("a/../../x", "").pack());
    bundles.put("entry of type 50", new Packer().entry("link", '2', new byte[0], 0).pack());
    bundles.put(
        "bytes", new Packer().entry("a.rego", '0', new byte[0], 8L * 1024 * 1024 * 1023).pack());
    bundles.put("ends in the middle", new Packer().entry("a.rego", '0', new byte[10], 5000).pack());
    bundles.put("no number where one belongs", packed("x".repeat(2048).getBytes(UTF_8)));
    bundles.put(
        "twice in the archive",
        new Packer().file("a.rego", "package a").file("./a.rego", "package b").pack());
    bundles.put("Not in GZIP format", "PK34 and on".getBytes(UTF_8));
    refused(bundles);
  }

  private static void refused(Map<String, byte[]> bundles) {
    bundles.forEach((message, packed) ->
        assertThatThrownBy(() -> read(packed))
            .as(message)
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith("policy bundle: b.tar.gz: ")
            .hasMessageContaining(message));
  }

  @Test
  void longNamesOfPaxAndOfGnuAreRead() throws Exception {
    String path = "deep/".repeat(40) + "x.rego";
    String field = " path=" + path + "\n";
    String pax = (field.length() + 3) + field;
    byte[] header = pax.getBytes(UTF_8);
    byte[] gnu = (path + "\0").getBytes(UTF_8);
    byte[] packed =
        new Packer().entry("PaxHeader", 'x', header, header.length).file("cut", "package x").pack();
    assertThat(read(packed).modules().getFirst().name()).isEqualTo("b.tar.gz/" + path);
    byte[] other =
        new Packer().entry("././@LongLink", 'L', gnu, gnu.length).file("cut", "package x").pack();
    assertThat(read(other).modules().getFirst().name()).isEqualTo("b.tar.gz/" + path);
  }
}
