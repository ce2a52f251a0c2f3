package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.policy.value.RegoJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyLoaderTest {
  @TempDir Path folder;

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void folderGivesModulesWithoutTestsAndDataByFolder() throws IOException {
    write("b.rego", "package b");
    write("a/a.rego", "package a");
    write("a/a_test.rego", "package a_test");
    write("data.json", "{\"root\": 1}");
    write("grants/eu/data.yaml", "ann: [read, write]\n");
    write("other.json", "{}");
    write(".hidden/c.rego", "package c");
    LoadedPolicies loaded = PolicyLoader.load(List.of(folder));
    assertThat(loaded.modules())
        .extracting(PolicySource::text)
        .containsExactly("package a", "package b");
    assertThat(loaded.data())
        .extracting(PolicyData::path)
        .containsExactly(List.of(), List.of("grants", "eu"));
    assertThat(loaded.data().get(1).value())
        .isEqualTo(RegoJson.read("{\"ann\": [\"read\", \"write\"]}"));
    assertThat(PolicyLoader.load(List.of(folder), true).modules()).hasSize(3);
  }

  @Test
  void everyDocumentIsReadWhereThatIsAsked() throws IOException {
    write("one.json", "{\"x\": 1}");
    write("a/two.yaml", "y: 2\n");
    write("a/b/data.json", "{\"z\": 3}");
    write(".hidden/h.json", "{\"h\": 4}");
    write("a/a_test.rego", "package a_test");
    LoadOptions all = new LoadOptions(true, true, List.of());
    LoadedPolicies loaded = PolicyLoader.load(List.of(new PolicyPath(folder)), all);
    assertThat(loaded.modules()).hasSize(1);
    assertThat(loaded.data())
        .extracting(PolicyData::path)
        .containsExactlyInAnyOrder(List.of(".hidden"), List.of("a", "b"), List.of("a"), List.of());
    assertThat(
            PolicyLoader.load(
                    List.of(new PolicyPath(List.of("p", "q"), folder)),
                    new LoadOptions(false, true, List.of(".*", "b", "*.yaml")))
                .data())
        .extracting(PolicyData::path)
        .containsExactly(List.of("p", "q"));
  }

  @Test
  void patternsMustMeanSomething() {
    assertThatThrownBy(() -> new LoadOptions(true, true, List.of("[")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("pattern: [");
  }

  @Test
  void digestFollowsNamesAndContents() throws IOException {
    write("a.rego", "package a");
    String first = PolicyLoader.load(List.of(folder)).digest();
    assertThat(first).matches("sha256:[0-9a-f]{64}");
    assertThat(PolicyLoader.load(List.of(folder)).digest()).isEqualTo(first);
    write("a.rego", "package a\n");
    assertThat(PolicyLoader.load(List.of(folder)).digest()).isNotEqualTo(first);
  }

  @Test
  void digestIsTheHashOfTheContent() throws Exception {
    write("a.rego", "package a");
    write("b/data.json", "{\"x\": 1}");
    LoadedPolicies loaded = PolicyLoader.load(List.of(folder));
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(loaded.content());
    assertThat(loaded.digest()).isEqualTo("sha256:" + HexFormat.of().formatHex(hash));
    assertThat(new String(loaded.content(), StandardCharsets.UTF_8))
        .contains("module", "a.rego", "package a", "data");
  }

  @Test
  void whatIsMissingOrBrokenIsNamed() throws IOException {
    Path missing = folder.resolve("none");
    assertThatThrownBy(() -> PolicyLoader.load(List.of(missing)))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("none");
    write("x/data.json", "{");
    assertThatThrownBy(() -> PolicyLoader.load(List.of(folder.resolve("x"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("data.json");
    write("y/data.json", "[1]");
    assertThatThrownBy(() -> PolicyLoader.load(List.of(folder.resolve("y"))))
        .hasMessageContaining("array (expected: an object)");
    write("z/bad.rego", "x");
    Files.write(folder.resolve("z/bad.rego"), new byte[] {(byte) 0xFF});
    assertThatThrownBy(() -> PolicyLoader.load(List.of(folder.resolve("z"))))
        .hasMessageContaining("not UTF-8");
  }

  @Test
  void dataThatContradictsOtherDataOrARuleIsAProblem() {
    LoadedPolicies policies =
        LoadedPolicies.of(
            List.of(new PolicySource("a.rego", "package a\nx := 1")),
            List.of(
                new PolicyData("one", List.of("b"), RegoJson.read("{\"c\": 1}")),
                new PolicyData("two", List.of(), RegoJson.read("{\"b\": {\"c\": 2}}"))));
    assertThatThrownBy(() -> PolicySet.compile(policies, PolicyOptions.DEFAULT))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("merge error: conflicting values at data.b.c, also defined in one");
    LoadedPolicies shadowing =
        LoadedPolicies.of(
            List.of(new PolicySource("a.rego", "package a\nx := 1")),
            List.of(new PolicyData(List.of("a"), RegoJson.read("{\"x\": 2}"))));
    assertThatThrownBy(() -> PolicySet.compile(shadowing, PolicyOptions.DEFAULT))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("conflicting rule for data path a/x found");
  }
}
