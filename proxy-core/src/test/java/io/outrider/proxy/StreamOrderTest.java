package io.outrider.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.Await;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.LegacyClient;
import io.outrider.fixture.RunningProxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A client asks for its stream and then calls a tool, on two connections. A server whose stream is
/// not there when the call comes has nowhere to ask the client anything.
class StreamOrderTest {

  /// Well below the time the proxy holds a call back.
  private static final Duration SOON = Duration.ofMillis(300);

  private static final int ATTEMPTS = 20;

  @TempDir private Path folder;

  @Test
  void aCallDoesNotOvertakeTheStreamThatWasAskedForBeforeIt() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        RunningProxy proxy = RunningProxy.start(upstream, folder, s -> s)) {
      upstream.offerStreams();
      LegacyClient other = LegacyClient.open(proxy.address());
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int before = upstream.log().size();
        LegacyClient client = LegacyClient.open(proxy.address());
        var stream = client.listen();
        Await.until("the GET is here", () -> upstream.log().size() == before + 1);
        long asked = System.nanoTime();

        CompletableFuture<String> answer = client.call("late", "{}");
        // Whatever takes as long as two whole calls would have let the first one overtake.
        other.call("other", "{}").join();
        other.call("other", "{}").join();
        boolean soon = System.nanoTime() - asked < SOON.toNanos();
        upstream.openStream();

        assertThat(answer.join()).contains("\"result\"");
        stream.cancel(true);
        if (soon) {
          List<String> log = upstream.log().subList(before, upstream.log().size());
          assertThat(log).containsExactly("GET", "other", "other", "stream", "late");
          return;
        }
      }
      throw new AssertionError("this machine was too busy " + ATTEMPTS + " times in a row");
    }
  }
}
