package io.outrider.upstream.stdio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Kills a real JVM that has a child which listens to nothing and nobody, and looks for what is
/// left.
class OrphanTest {

  /// Ignores the end of its input and SIGTERM, and starts a process that does the same.
  private static final String STUBBORN =
      "trap '' TERM HUP; (while :; do sleep 1000; done) & echo $$ $!; while :; do sleep 1000; done";

  @Test
  void nothingOutlivesAProxyThatWasKilled() throws Exception {
    Map<String, String> env = System.getenv();
    assumeTrue(ChildEnvironment.find("setpriv", env, null) != null, "needs setpriv (util-linux)");
    assumeTrue(ChildEnvironment.find("setsid", env, null) != null, "needs setsid (util-linux)");
    Process proxy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Proxy.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(proxy.getInputStream(), UTF_8))) {
      String[] pids = java.util.Objects.requireNonNull(out.readLine(), "pids").split(" ");
      ProcessHandle child = ProcessHandle.of(Long.parseLong(pids[0])).orElseThrow();
      ProcessHandle grandchild = ProcessHandle.of(Long.parseLong(pids[1])).orElseThrow();
      assertThat(child.isAlive()).isTrue();
      assertThat(grandchild.isAlive()).isTrue();
      assertThat(child.parent().orElseThrow()).isEqualTo(proxy.toHandle());

      proxy.destroyForcibly().waitFor();

      child.onExit().get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      grandchild.onExit().get(Recorder.PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(child.isAlive()).isFalse();
      assertThat(grandchild.isAlive()).isFalse();
    } finally {
      proxy.destroyForcibly();
    }
  }

  /// Stands in for the proxy: starts the child, passes on the process ids, and stays.
  static final class Proxy {
    private Proxy() {}

    public static void main(String[] args) throws InterruptedException {
      ChildProcess.start(
          ChildSpec.of("stubborn", List.of("sh", "-c", STUBBORN), Map.of()),
          new Recorder() {
            @Override
            public void line(byte[] line) {
              System.out.println(new String(line, UTF_8));
            }
          },
          Secrets.redactor());
      new CountDownLatch(1).await();
    }
  }
}
