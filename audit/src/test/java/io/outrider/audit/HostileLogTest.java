package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.drill.MemoryLog;
import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.proof.RightEdge;
import io.outrider.audit.proof.TreeHasher;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a hostile reviewer tries: files that are longer than they should be, names that are not the
/// log's, and records that the holder of the key signed and no Outrider wrote.
class HostileLogTest {
  @TempDir static Path temp;
  private static final Map<String, byte[]> LOG = new TreeMap<>();
  private static final List<byte[]> LEAVES = new ArrayList<>();
  private static SignerKey signer = SignerKey.generate("example.com/hostile");

  @BeforeAll
  static void writeALog() throws Exception {
    Path folder = temp.resolve("log");
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(folder).withOrigin("example.com/hostile").withSegmentBytes(1 << 18))) {
      for (int i = 0; i < 150; i++) {
        Waiting.append(log, Samples.intent("c-" + i));
        Waiting.append(log, Samples.outcome("c-" + i));
      }
    }
    signer = SignerKey.parse(Files.readString(folder.resolve("signing.key")).strip());
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        LOG.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    LOG.remove("signing.key");
    LEAVES.addAll(EntryBundle.parse(file("tile/entries/000")));
    LEAVES.addAll(EntryBundle.parse(file("tile/entries/001.p/47")));
  }

  private static byte[] file(String name) {
    return Objects.requireNonNull(LOG.get(name), () -> name + " is not in " + LOG.keySet());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String told(Map<String, byte[]> files) {
    Verification result =
        AuditVerifier.check(new MemoryLog(files), VerifyOptions.DEFAULT.withKey(signer.verifier()));
    return result.problems().isEmpty() ? "fine" : result.problems().getFirst().toString();
  }

  private static String with(String name, byte[] content) {
    Map<String, byte[]> files = new TreeMap<>(LOG);
    files.put(name, content);
    return told(files);
  }

  /// The log of somebody who has the key: any leaves, and a checkpoint that names any size.
  private static Map<String, byte[]> signed(List<byte[]> leaves, long claimed) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("log.vkey", file("log.vkey"));
    RightEdge edge = new RightEdge();
    TreeHasher hasher = new TreeHasher();
    for (int first = 0; first < leaves.size(); first += TilePath.WIDTH) {
      ByteArrayOutputStream bundle = new ByteArrayOutputStream();
      ByteArrayOutputStream tile = new ByteArrayOutputStream();
      List<byte[]> some = leaves.subList(first, Math.min(leaves.size(), first + TilePath.WIDTH));
      for (byte[] leaf : some) {
        bundle.write(leaf.length >> 8);
        bundle.write(leaf.length);
        bundle.writeBytes(leaf);
        tile.writeBytes(hasher.leaf(leaf));
        edge.append(leaf, 0, leaf.length);
      }
      files.put(TilePath.entries(first / TilePath.WIDTH, some.size()), bundle.toByteArray());
      files.put(TilePath.tile(0, first / TilePath.WIDTH, some.size()), tile.toByteArray());
      if (some.size() == TilePath.WIDTH) {
        files.put(TilePath.tile(1, 0, 1), hasher.root(tile.toByteArray(), 0, TilePath.WIDTH));
      }
    }
    Checkpoint checkpoint = new Checkpoint(signer.verifier().name(), claimed, edge.root());
    files.put("checkpoint", signer.sign(checkpoint.text()).bytes());
    return files;
  }

  private static String record(int index, UnaryOperator<String> change) {
    List<byte[]> leaves = new ArrayList<>(LEAVES);
    leaves.set(index, bytes(change.apply(new String(LEAVES.get(index), StandardCharsets.UTF_8))));
    return told(signed(leaves, leaves.size()));
  }

  @Test
  void anUntouchedLogIsFineHoweverItIsPutTogether() {
    assertThat(told(LOG)).isEqualTo("fine");
    assertThat(told(signed(LEAVES, LEAVES.size()))).isEqualTo("fine");
    assertThat(record(9, line -> line)).isEqualTo("fine");
  }

  @Test
  void filesThatHoldMoreThanTheirNameSaysAreTold() {
    byte[] bundle = file("tile/entries/001.p/47");
    byte[] more = Arrays.copyOf(bundle, bundle.length + 2 + LEAVES.get(5).length);
    more[bundle.length] = (byte) (LEAVES.get(5).length >> 8);
    more[bundle.length + 1] = (byte) LEAVES.get(5).length;
    System.arraycopy(LEAVES.get(5), 0, more, bundle.length + 2, LEAVES.get(5).length);
    assertThat(with("tile/entries/001.p/47", more))
        .isEqualTo(
            "tampered at record 303: bundle tile/entries/001.p/47 holds 48 records (expected: 47)");
    assertThat(with("tile/0/001.p/47", Arrays.copyOf(file("tile/0/001.p/47"), 48 * 32)))
        .isEqualTo("tampered at record 256: tile/0/001.p/47: 1536 bytes (expected: 1504)");
    assertThat(with("tile/0/000", Arrays.copyOf(file("tile/0/000"), 257 * 32)))
        .isEqualTo("tampered at record 0: tile/0/000: 8224 bytes (expected: 8192)");
  }

  @Test
  void anotherKeyInTheFolderIsToldWhereTheRightOneWasGiven() {
    String other = SignerKey.generate("example.com/hostile").verifier().toString();
    assertThat(with("log.vkey", bytes(other + "\n")))
        .startsWith("tampered: log.vkey: is not the key that was given (expected: example.com/");
    assertThat(with("log.vkey", new byte[0])).startsWith("tampered: log.vkey: is not the key");
  }

  /// The records of one log, signed with the key of another.
  @Test
  void theFirstRecordMustNameThisLog() {
    VerifierKey other = SignerKey.generate("example.com/hostile").verifier();
    assertThat(record(0, line -> line.replace(signer.verifier().toString(), other.toString())))
        .startsWith(
            "tampered at record 0: is the beginning of the log of example.com/hostile, key "
                + other
                + " (expected: of ");
    assertThat(record(0, line -> line.replace("\"origin\":\"", "\"origin\":\"not-")))
        .startsWith("tampered at record 0: is the beginning of the log of not-example.com/hostile");
    assertThat(record(0, line -> line.replace("\"format\":\"1\"", "\"format\":\"9\"")))
        .isEqualTo("unreadable at record 0: format 9 (expected: 1)");
  }

  @Test
  void recordsInASpellingThatNoOutriderWritesAreTold() {
    String told =
        "tampered at record 9: is JSON that no Outrider writes (expected: sorted keys, no space,"
            + " one spelling of each character)";
    assertThat(record(9, line -> line.replace(",\"k\"", ", \"k\""))).isEqualTo(told);
    assertThat(record(9, line -> "{\"zz\":1," + line.substring(1))).isEqualTo(told);
    assertThat(record(9, line -> line + "\n")).isEqualTo(told);
    assertThat(record(9, line -> "\ufeff" + line)).isEqualTo(told);
    assertThat(record(9, line -> line.replace("completed", "c\\u006fmpleted"))).isEqualTo(told);
    assertThat(record(9, line -> line.replace("completed", "completed\\/"))).isEqualTo(told);
    assertThat(record(9, line -> line.replace("\"v\":1}", "\"v\":1,\"v\":1}")))
        .startsWith("tampered at record 9: leaf: not JSON: Duplicate");
    assertThat(record(9, line -> "[".repeat(60_000))).startsWith("tampered at record 9: leaf: ");
    assertThat(record(9, line -> line.replace("\"v\":1", "\"v\":" + "9".repeat(50_000))))
        .startsWith("tampered at record 9: leaf: not JSON: ");
    assertThat(record(9, line -> "")).startsWith("tampered at record 9: leaf: ");
  }

  @Test
  void aReleaseOfWhatIsNoHoldIsTold() {
    List<byte[]> leaves = new ArrayList<>(LEAVES);
    String last = new String(leaves.getLast(), StandardCharsets.UTF_8);
    String release =
        last.replaceAll("\"ev\":\"[a-z]*\"", "\"ev\":\"release\"")
            .replaceAll("\"f\":\\{[^}]*\\}", "\"f\":{\"hold\":\"7\"}");
    leaves.set(leaves.size() - 1, bytes(release));
    assertThat(told(signed(leaves, leaves.size())))
        .isEqualTo(
            "tampered at record "
                + (leaves.size() - 1)
                + ": releases hold 7, which is not in force (expected: one that is)");
  }

  private static String lastAsEvent(String event, String facts) {
    List<byte[]> leaves = new ArrayList<>(LEAVES);
    String last = new String(leaves.getLast(), StandardCharsets.UTF_8);
    leaves.set(
        leaves.size() - 1,
        bytes(
            last.replaceAll("\"ev\":\"[a-z]*\"", "\"ev\":\"" + event + "\"")
                .replaceAll("\"f\":\\{[^}]*\\}", "\"f\":" + facts)));
    return told(signed(leaves, leaves.size()));
  }

  @Test
  void eventsThatNoOutriderWritesAreTold() {
    assertThat(lastAsEvent("bogus", "{}")).endsWith(": unknown event \"bogus\"");
    assertThat(lastAsEvent("config", "{\"n\":1}")).contains(": its facts are no texts");
    assertThat(lastAsEvent("genesis", "{\"format\":\"1\"}")).contains(": is a second genesis");
    assertThat(lastAsEvent("redact", "{\"record\":\"the first\"}"))
        .contains(": its fact record is the first (expected: the number of a record)");
    assertThat(lastAsEvent("prune", "{\"minimum\":\"9x\"}")).contains(": its fact minimum is 9x");
    assertThat(lastAsEvent("prune", "{\"minimum\":\"9x\",\"refused\":\"no\"}")).isEqualTo("fine");
  }

  @Test
  void timesThatAreNoneAreTold() {
    assertThat(record(9, line -> line.replaceAll("\"t\":\"[^\"]*\"", "\"t\":\"yesterday\"")))
        .isEqualTo(
            "tampered at record 9: time \"yesterday\" (expected: RFC 3339, UTC, nine decimals)");
    assertThat(record(9, line -> line.replaceAll("\"t\":\"[^\"]*\",", "")))
        .startsWith("tampered at record 9: time \"\" (expected: ");
  }

  @Test
  void whatStandsBehindTheStopOfARunIsTold() {
    List<byte[]> leaves = new ArrayList<>(LEAVES);
    int last = leaves.size();
    String stop = new String(LEAVES.get(last - 1), StandardCharsets.UTF_8);
    leaves.add(bytes(stop.replace("\"i\":" + (last - 1), "\"i\":" + last)));
    assertThat(told(signed(leaves, leaves.size())))
        .isEqualTo(
            "incomplete at record 303: stands behind the stop of its run (expected: its last)");
  }

  /// A checkpoint may name any size; looking for what it promises comes to an end.
  @Test
  void aCheckpointOfASizeThatCannotBeIsTold() {
    for (long size : new long[] {1L << 32, 1L << 62, Long.MAX_VALUE}) {
      assertThat(told(signed(LEAVES, size)))
          .as("size %s", size)
          .isEqualTo("tampered at record 256: tile/0/001: missing");
    }
    assertThat(told(signed(List.of(), 0)))
        .isEqualTo(
            "incomplete: checkpoint: covers no record (expected: the genesis record at least)");
  }

  @Test
  void whatStandsInAPlaceOfAFileAndIsNoneIsToldAndNotWaitedFor() throws Exception {
    Path folder = temp.resolve("odd");
    for (Map.Entry<String, byte[]> file : LOG.entrySet()) {
      Path path = folder.resolve(file.getKey());
      Files.createDirectories(Objects.requireNonNull(path.getParent()));
      Files.write(path, file.getValue());
    }
    Path bundle = folder.resolve("tile/entries/000");
    Files.delete(bundle);
    // A pipe would be opened until somebody writes to it; where none can be made, a folder.
    Process pipe = new ProcessBuilder("mkfifo", bundle.toString()).start();
    if (pipe.waitFor() != 0) {
      Files.createDirectory(bundle);
    }
    Verification result =
        AuditVerifier.check(
            LogSource.folder(folder), VerifyOptions.DEFAULT.withKey(signer.verifier()));
    assertThat(result.verdict()).isEqualTo(Verdict.UNREADABLE);
    assertThat(result.problems().getFirst().what())
        .isEqualTo("cannot be read: tile/entries/000: no regular file (expected: one)");
  }
}
