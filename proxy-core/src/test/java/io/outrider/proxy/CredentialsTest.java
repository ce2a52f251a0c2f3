package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.Await;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.LegacyClient;
import io.outrider.fixture.ModernClient;
import io.outrider.fixture.RunningProxy;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Secret;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Credentials of an upstream that change while the proxy runs.
class CredentialsTest {

  @TempDir private Path folder;

  private static Settings.Builder with(
      Settings.Builder settings, FakeUpstream upstream, String key) {
    return settings.upstream(
        UpstreamSettings.of(
            "fake",
            "/mcp",
            new UpstreamSettings.Http(
                upstream.url(),
                Map.of("Authorization", Secret.of(key)),
                UpstreamSettings.Transport.AUTO)));
  }

  private static Settings settings(FakeUpstream upstream, String key) {
    return with(Settings.builder().listen(ListenSettings.at("127.0.0.1", 0)), upstream, key)
        .build();
  }

  @Test
  void comeIntoForceForTheNextCall() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        RunningProxy proxy =
            RunningProxy.start(upstream, folder, s -> with(s, upstream, "first"))) {
      ModernClient client = new ModernClient(proxy.address());
      client.call("a", "{}");

      proxy.outrider().reconfigure(settings(upstream, "second"));
      client.call("a", "{}");

      assertThat(upstream.credentials()).containsExactly("first", "second");
    }
  }

  @Test
  void leaveACallThatHasBegunWhatItBeganWith() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        RunningProxy proxy =
            RunningProxy.start(upstream, folder, s -> with(s, upstream, "first"))) {
      upstream.offerStreams();
      LegacyClient client = LegacyClient.open(proxy.address());
      CompletableFuture<?> stream = client.listen();
      Await.until("the GET is here", () -> upstream.log().contains("GET"));
      CompletableFuture<String> answer = client.call("a", "{}"); // waits for the stream's head
      Await.until("it is admitted", () -> proxy.gauge("outrider.calls.running") == 1);

      proxy.outrider().reconfigure(settings(upstream, "second"));
      upstream.openStream();
      answer.join();
      client.call("a", "{}").join();

      assertThat(upstream.credentials()).containsExactly("first", "second");
      stream.cancel(true);
    }
  }
}
