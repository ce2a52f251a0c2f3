package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.settings.PolicySettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Built-in functions that are off by themselves, as the settings turn them on.
class PoliciesTest {
  @TempDir Path folder;

  private PolicySettings settings(List<String> builtins) throws IOException {
    Files.writeString(
        folder.resolve("p.rego"),
        "package outrider\n\nallow if opa.runtime().env.OUTRIDER_TEST == \"yes\"\n");
    return new PolicySettings(
        PolicySettings.Engine.EMBEDDED,
        List.of(folder),
        List.of("outrider"),
        builtins,
        PolicySettings.Mode.ENFORCE);
  }

  @Test
  void callOfWhatIsOffNamesTheSetting() {
    assertThatThrownBy(() -> Policies.load(settings(List.of())))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("opa.runtime")
        .hasMessageContaining("policy.builtins");
  }

  @Test
  void whatIsNamedIsOn() {
    assertThatCode(() -> Policies.load(settings(List.of("opa.runtime"))))
        .doesNotThrowAnyException();
  }

  @Test
  void namesThatAreNotOffAreRefused() {
    assertThatThrownBy(() -> Policies.load(settings(List.of("opa.runtme"))))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("opa.runtme (expected: one of ");
  }

  @Test
  void whatWaitsForTheNetworkIsRefused() {
    assertThatThrownBy(() -> Policies.load(settings(List.of("http.send"))))
        .isInstanceOf(Unusable.class)
        .hasMessageContaining("policy.builtins: http.send");
  }

  @Test
  void namesThatTheInputNeverHasAreToldOfAndLoad() throws Exception {
    PolicySettings settings = settings(List.of());
    Files.writeString(
        folder.resolve("p.rego"), "package outrider\n\nallow if input.mcp.nmae == \"x\"\n");
    assertThat(Policies.load(settings).doubts().get())
        .singleElement()
        .asString()
        .contains("p.rego:3", "undefined ref: input.mcp.nmae");
  }
}
