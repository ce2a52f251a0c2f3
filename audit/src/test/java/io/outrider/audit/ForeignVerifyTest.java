package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.audit.format.ProofFile;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Lets Go's own transparency-log packages judge a log that we wrote, and Sigstore's verifier its
/// proofs.
class ForeignVerifyTest {
  private static final Path FOREIGN =
      Path.of(System.getProperty("outrider.root", ".."), "e2e", "foreign-verify");

  @TempDir static Path temp;
  private static Path folder;
  private static String key;

  private record Ran(int status, String output) {}

  @BeforeAll
  static void writeALog() throws Exception {
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

  private static Path goVerifier() throws IOException, InterruptedException {
    assumeTrue(onPath("go"), "go is not installed: the foreign verifier is not run");
    Path verifier = temp.resolve("foreign-verify");
    if (!Files.exists(verifier)) {
      Ran build = run(FOREIGN, List.of("go", "build", "-o", verifier.toString(), "."));
      // Without its one module, in a cache or from the network, there is nothing to run; everything
      // else is our fault.
      assumeTrue(
          build.status() == 0 || !build.output().contains("dial tcp"),
          "golang.org/x/mod cannot be fetched: the foreign verifier is not run");
      assertThat(build.status()).as(build.output()).isZero();
    }
    return verifier;
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
    return run(temp, List.of(goVerifier().toString(), folder.toString(), key));
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

  private static Ran node(List<Path> proofs) throws IOException, InterruptedException {
    boolean installed =
        onPath("node") && Files.exists(FOREIGN.resolve("node/node_modules/@sigstore/verify"));
    String required = System.getenv().getOrDefault("OUTRIDER_E2E_REQUIRE", "");
    assumeTrue(
        installed || List.of(required.split(",")).contains("node"),
        "run e2e/setup-runtimes.sh node: Sigstore's verifier is not installed and not run");
    List<String> command = new ArrayList<>(List.of("node", "verify.mjs", key));
    proofs.forEach(proof -> command.add(proof.toString()));
    return run(FOREIGN.resolve("node").toAbsolutePath(), command);
  }

  private static Path proof(long index) throws Exception {
    Path file = temp.resolve(index + ".tlog-proof");
    return Files.write(file, InclusionProver.prove(LogSource.folder(folder), index).bytes());
  }

  @Test
  void sigstoreAcceptsOurProofs() throws Exception {
    List<Path> proofs = new ArrayList<>();
    for (long index = 0; index < 1_503; index += 101) {
      proofs.add(proof(index));
    }
    proofs.add(proof(1_502));

    Ran ran = node(proofs);

    assertThat(ran.output()).isEqualTo("accepted: " + proofs.size() + " records\n");
    assertThat(ran.status()).isZero();
  }

  @Test
  void sigstoreRejectsProofsThatWereChanged() throws Exception {
    ProofFile proof = InclusionProver.prove(LogSource.folder(folder), 700);
    byte[] leaf = proof.extra().orElseThrow().clone();
    leaf[leaf.length / 2] ^= 1;
    List<byte[]> path = new ArrayList<>(proof.path());
    path.set(3, path.get(4));
    byte[] unsigned =
        new String(proof.checkpoint(), StandardCharsets.UTF_8)
            .replace("\n1503\n", "\n1504\n")
            .getBytes(StandardCharsets.UTF_8);
    Map<String, ProofFile> changed =
        Map.of(
            "leaf", new ProofFile(Optional.of(leaf), 700, proof.path(), proof.checkpoint()),
            "index", new ProofFile(proof.extra(), 701, proof.path(), proof.checkpoint()),
            "path", new ProofFile(proof.extra(), 700, path, proof.checkpoint()),
            "size", new ProofFile(proof.extra(), 700, proof.path(), unsigned));
    for (Map.Entry<String, ProofFile> one : changed.entrySet()) {
      Path file = Files.write(temp.resolve("changed.tlog-proof"), one.getValue().bytes());
      Ran ran = node(List.of(file));
      assertThat(ran.status()).as(one.getKey()).isEqualTo(1);
      assertThat(ran.output()).startsWith("REJECTED: ");
    }
  }
}
