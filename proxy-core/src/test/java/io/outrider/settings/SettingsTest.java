package io.outrider.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {
  private static UpstreamSettings upstream(String id, String path) {
    return UpstreamSettings.of(id, path, UpstreamSettings.Stdio.of(List.of("server")));
  }

  @Test
  void aSecretShowsItsTextOnlyWhenAsked() {
    Secret secret = Secret.of("hunter2");

    assertThat(secret.reveal()).isEqualTo("hunter2");
    assertThat(secret.toString()).doesNotContain("hunter2");
    assertThat(
            new UpstreamSettings.Http(
                    URI.create("http://h/mcp"), Map.of("X", secret), UpstreamSettings.Transport.SSE)
                .toString())
        .doesNotContain("hunter2");
    assertThat(secret).isEqualTo(Secret.of("hunter2")).isNotEqualTo(Secret.of("hunter3"));
  }

  @Test
  void settingsWithoutAnUpstreamCannotExist() {
    assertThatThrownBy(() -> Settings.builder().build()).hasMessageContaining("upstreams: none");
  }

  @Test
  void twoUpstreamsCannotShareAPathOrAName() {
    assertThatThrownBy(() ->
            Settings.builder()
                .upstreams(List.of(upstream("a", "/mcp"), upstream("b", "/mcp")))
                .build())
        .hasMessage(
            "upstreams.b.path: '/mcp' is the path of 'a' too (expected: a path of its own)");
    assertThatThrownBy(() ->
            Settings.builder().upstreams(List.of(upstream("a", "/x"), upstream("a", "/y"))).build())
        .hasMessageContaining("'a' stands twice");
  }

  @Test
  void theAdminPortCannotBeTheProxysOwn() {
    assertThatThrownBy(() ->
            Settings.builder()
                .upstream(upstream("a", "/mcp"))
                .listen(ListenSettings.at("127.0.0.1", 9090))
                .build())
        .hasMessageContaining("another port");
  }

  @Test
  void aUrlWithCredentialsIsRefusedWithoutShowingThem() {
    assertThatThrownBy(() -> UpstreamSettings.Http.at(URI.create("https://ann:hunter2@h/mcp")))
        .hasMessageContaining("by reference")
        .message()
        .doesNotContain("hunter2");
    assertThatThrownBy(() -> UpstreamSettings.Http.at(URI.create("ftp://h/mcp")))
        .hasMessageContaining("'ftp://h/mcp'");
  }

  @Test
  void collectionsAreCopied() {
    List<String> command = new java.util.ArrayList<>(List.of("server"));
    UpstreamSettings.Stdio stdio = UpstreamSettings.Stdio.of(command);

    command.add("--later");

    assertThat(stdio.command()).containsExactly("server");
  }

  @Test
  void numbersOutOfRangeAreRefusedWithTheValueAndTheRange() {
    assertThatThrownBy(() -> new LimitSettings(0, 1, 1, 0, Duration.ZERO, null))
        .hasMessage("limits.concurrency.per_upstream: 0 (expected: > 0)");
    assertThatThrownBy(() -> new SizeSettings(1, 1, 501, 1, 1)).hasMessageContaining("1 to 500");
    assertThatThrownBy(() -> ListenSettings.at("h", 65_536)).hasMessageContaining("0 to 65535");
    assertThatThrownBy(() -> new IdentitySettings.ApiKey("a", "XYZ", Set.of(), Set.of()))
        .hasMessageContaining("64 lower-case hex digits");
  }

  @Test
  void aBuilderMadeFromSettingsGivesThemBack() {
    Settings settings = Settings.builder().upstream(upstream("a", "/mcp")).build();

    assertThat(settings.toBuilder().build()).isEqualTo(settings);
  }
}
