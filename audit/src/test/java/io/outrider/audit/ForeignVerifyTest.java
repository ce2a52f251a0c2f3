package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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

  /// What must not be skipped, by the word of whoever runs the tests.
  private static boolean isRequired(String runtime) {
    String required = System.getenv().getOrDefault("OUTRIDER_E2E_REQUIRE", "");
    return List.of(required.split(",", -1)).contains(runtime);
  }

  private static Path goProgram(String name, String folder)
      throws IOException, InterruptedException {
    assumeTrue(
        onPath("go") || isRequired("go"), "go is not installed: the foreign verifier is not run");
    Path program = temp.resolve(name);
    if (!Files.exists(program)) {
      Ran build = run(FOREIGN, List.of("go", "build", "-o", program.toString(), folder));
      // Without its modules, in a cache or from the network, there is nothing to run; everything
      // else is our fault.
      assumeTrue(
          build.status() == 0 || isRequired("go") || !build.output().contains("dial tcp"),
          "the modules of the foreign verifier cannot be fetched: it is not run");
      assertThat(build.status()).as(build.output()).isZero();
    }
    return program;
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
    return run(temp, List.of(goProgram("foreign-verify", ".").toString(), folder.toString(), key));
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

  /// The vectors that transparency-dev/merkle publishes, and proofs over them as it judges them.
  @Test
  void merkleJudgesProofsAsWeDo() throws Exception {
    Ran ran = run(temp, List.of(goProgram("merkle-vectors", "./merkle").toString()));
    assertThat(ran.status()).as(ran.output()).isZero();
    TreeHasher hasher = new TreeHasher();
    RightEdge tree = new RightEdge();
    Proofs proofs = new Proofs();
    Map<String, Integer> counts = new TreeMap<>();
    for (String line : ran.output().lines().toList()) {
      Map<String, Object> vector = Leaf.fields("vector", line.getBytes(StandardCharsets.UTF_8));
      String kind = String.valueOf(vector.get("kind"));
      long old = number(vector, "old");
      long size = number(vector, "size");
      boolean ok = Boolean.TRUE.equals(vector.get("ok"));
      switch (kind) {
        case "leaf" -> {
          byte[] data = bytes(vector.get("data"));
          assertThat(hasher.leaf(data)).as(line).isEqualTo(bytes(vector.get("hash")));
          tree.append(data, 0, data.length);
        }
        case "root" -> {
          assertThat(tree.size()).as(line).isEqualTo(size);
          assertThat(tree.root()).as(line).isEqualTo(bytes(vector.get("root")));
        }
        case "inclusion" ->
            assertThat(
                    proofs.includes(
                        bytes(vector.get("hash")),
                        old,
                        size,
                        path(vector),
                        bytes(vector.get("root"))))
                .as(line)
                .isEqualTo(ok);
        default ->
            assertThat(
                    proofs.consistent(
                        old,
                        bytes(vector.get("hash")),
                        size,
                        bytes(vector.get("root")),
                        path(vector)))
                .as(line)
                // A tree without leaves begins every tree; we take no proof of that.
                .isEqualTo(ok && old > 0);
      }
      counts.merge(kind + (ok ? " sound" : ""), 1, Integer::sum);
    }
    assertThat(counts).containsEntry("leaf", 8).containsEntry("root", 9);
    assertThat(counts.get("inclusion sound")).isGreaterThanOrEqualTo(36);
    assertThat(counts.get("consistency sound")).isGreaterThanOrEqualTo(28);
    assertThat(counts.get("inclusion")).isGreaterThan(500);
    assertThat(counts.get("consistency")).isGreaterThan(400);
    System.out.println("vectors of transparency-dev/merkle: " + counts);
  }

  private static long number(Map<String, Object> vector, String name) {
    return (Long) Objects.requireNonNull(vector.get(name));
  }

  private static byte[] bytes(@Nullable Object base64) {
    return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64.toString());
  }

  private static List<byte[]> path(Map<String, Object> vector) {
    List<byte[]> path = new ArrayList<>();
    for (Object hash : (List<?>) Objects.requireNonNull(vector.get("proof"))) {
      path.add(bytes(hash));
    }
    return path;
  }

  private static Ran node(List<Path> proofs) throws IOException, InterruptedException {
    boolean installed =
        onPath("node") && Files.exists(FOREIGN.resolve("node/node_modules/@sigstore/verify"));
    assumeTrue(
        installed || isRequired("node"),
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
