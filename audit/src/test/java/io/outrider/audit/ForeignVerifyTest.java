package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets Go's own transparency-log packages judge a log that we wrote.
class ForeignVerifyTest {
  @TempDir static Path temp;
  private static Path verifier;
  private static Path folder;
  private static String key;

  private record Ran(int status, String output) {}

  @BeforeAll
  static void buildTheVerifierAndWriteALog() throws Exception {
    Path source = Path.of(System.getProperty("outrider.root", ".."), "e2e", "foreign-verify");
    verifier = temp.resolve("foreign-verify");
    assumeTrue(onPath("go"), "go is not installed: the foreign verifier is not run");
    Ran build = run(source, List.of("go", "build", "-o", verifier.toString(), "."));
    // Without its one module, in a cache or from the network, there is nothing to run; everything
    // else is our fault.
    assumeTrue(
        build.status() == 0 || !build.output().contains("dial tcp"),
        "golang.org/x/mod cannot be fetched: the foreign verifier is not run");
    assertThat(build.status()).as(build.output()).isZero();
    folder = temp.resolve("log");
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(folder)
                .withOrigin("example.com/outrider/foreign")
                .withSegmentBytes(1 << 20))) {
      key = log.publicKey().toString();
      Listening last = new Listening();
      for (int i = 0; i < 1_500; i++) {
        last = new Listening();
        log.append(Samples.refusal("c-" + i), Runnable::run, last);
      }
      last.answer();
    }
  }

  private static boolean onPath(String program) {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(f -> Files.isExecutable(Path.of(f, program)));
  }

  private static Ran run(Path where, List<String> command)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), output);
  }

  private static Ran judge() throws IOException, InterruptedException {
    return run(temp, List.of(verifier.toString(), folder.toString(), key));
  }

  @Test
  void goAcceptsOurLog() throws Exception {
    Ran ran = judge();
    assertThat(ran.output()).isEqualTo("accepted: 1503 records\n");
    assertThat(ran.status()).isZero();
  }

  @Test
  void goRejectsATamperedLog() throws Exception {
    for (String file :
        List.of(
            "checkpoint",
            "tile/0/001",
            "tile/1/000.p/5",
            "tile/entries/002",
            "tile/entries/005.p/223")) {
      Path path = folder.resolve(file);
      byte[] whole = Files.readAllBytes(path);
      byte[] changed = whole.clone();
      changed[whole.length / 3] ^= 1;
      Files.write(path, changed);
      assertThat(judge()).as(file).extracting(Ran::status).isEqualTo(1);
      Files.write(path, whole);
    }
    assertThat(judge().status()).isZero();
  }
}
