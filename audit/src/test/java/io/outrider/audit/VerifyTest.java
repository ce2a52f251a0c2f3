package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyTest {
  @TempDir Path temp;
  private Path folder;
  private VerifierKey key;

  @BeforeEach
  void writeALog() throws Exception {
    folder = temp.resolve("log");
    try (AuditLog log = open()) {
      key = log.publicKey();
      finish(log, "c-", 0, 400);
      Listening told = new Listening();
      log.append(Samples.refusal("r-1"), Runnable::run, told);
      told.index();
    }
  }

  private AuditLog open() throws AuditException {
    return AuditLog.open(
        AuditOptions.in(folder).withOrigin("example.com/outrider/test").withSegmentBytes(1 << 18));
  }

  private static void finish(AuditLog log, String call) {
    Listening intent = new Listening();
    log.append(Samples.intent(call), Runnable::run, intent);
    intent.index();
    Listening outcome = new Listening();
    log.append(Samples.outcome(call), Runnable::run, outcome);
    outcome.index();
  }

  /// Calls in one go: all intents, then all outcomes.
  private static void finish(AuditLog log, String prefix, int from, int to) {
    Listening last = new Listening();
    for (int i = from; i < to; i++) {
      last = new Listening();
      log.append(Samples.intent(prefix + i), Runnable::run, last);
    }
    last.index();
    for (int i = from; i < to; i++) {
      last = new Listening();
      log.append(Samples.outcome(prefix + i), Runnable::run, last);
    }
    last.index();
  }

  private Verification verify() {
    return AuditVerifier.verify(LogSource.folder(folder), key);
  }

  private VerifyOptions options() {
    return VerifyOptions.DEFAULT.withKey(key);
  }

  private List<LogEntry> query(Filter filter) throws IOException, FormatException {
    List<LogEntry> found = new ArrayList<>();
    AuditQuery.run(LogSource.folder(folder), 0, filter, found::add);
    return found;
  }

  @Test
  void untouchedLogIsFine() {
    Verification result = verify();
    assertThat(result.problems()).isEmpty();
    assertThat(result.verdict()).isEqualTo(Verdict.OK);
    assertThat(result.records()).isEqualTo(804);
    assertThat(result.tail()).isZero();
    assertThat(result.counts())
        .containsEntry("intent", 400L)
        .containsEntry("outcome", 400L)
        .containsEntry("refusal", 1L);
  }

  @Test
  void changedRecordIsNamed() throws Exception {
    Path bundle = folder.resolve("tile/entries/001");
    byte[] bytes = Files.readAllBytes(bundle);
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("alice");
    bytes[at] ^= 1;
    Files.write(bundle, bytes);
    Verification result = verify();
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems().getFirst().index()).isEqualTo(256);
  }

  @Test
  void aTileWithAHashTooManyIsTold() throws Exception {
    Path tile = folder.resolve("tile/0/000");
    Files.write(tile, Arrays.copyOf(Files.readAllBytes(tile), 257 * 32));
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().what()).contains("8224 bytes (expected: 8192");
  }

  @Test
  void aValueThatOnlyTheJournalHoldsAnswersForItself() throws Exception {
    Place place = lastAnnex();
    byte[] bytes = Files.readAllBytes(place.segment());
    bytes[place.end() - 1] ^= 1;
    ByteBuffer batch = ByteBuffer.wrap(bytes, place.batch(), place.header().size()).slice();
    Batch.seal(
        batch,
        true,
        place.header().length(),
        place.header().number(),
        place.header().firstIndex(),
        place.header().synced(),
        place.header().count());
    Files.write(place.segment(), bytes);
    Verification result = verify();
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems()).extracting(Problem::index).containsExactly(place.record());
  }

  /// A record whose bundle is not full, with a kept value: where that ends in the journal.
  private record Place(Path segment, int batch, Batch.Header header, long record, int end) {}

  private Place lastAnnex() throws Exception {
    Place found = null;
    try (Stream<Path> segments = Files.list(folder.resolve("journal"))) {
      for (Path segment : segments.sorted().toList()) {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
        int at = SegmentHeader.SIZE;
        for (Optional<Batch.Header> next = Batch.header(bytes, at);
            next.isPresent();
            next = Batch.header(bytes, at)) {
          Batch.Header header = next.get();
          Batch.Cursor cursor =
              new Batch.Cursor(header, bytes.slice(at + Batch.HEADER, header.length()));
          for (long i = header.firstIndex(); header.records() && cursor.next(); i++) {
            if (cursor.annex() > 0) {
              int end = at + Batch.HEADER + cursor.offset() + cursor.leaf() + cursor.annex();
              found = new Place(segment, at, header, i, end);
            }
          }
          at += header.size();
        }
      }
    }
    assertThat(found).isNotNull();
    assertThat(found.record()).isGreaterThanOrEqualTo(768);
    return found;
  }

  @Test
  void anotherKeyIsNotThisLogs() {
    VerifierKey other = SignerKey.generate("example.com/outrider/test").verifier();
    assertThat(AuditVerifier.verify(LogSource.folder(folder), other).verdict())
        .isEqualTo(Verdict.TAMPERED);
  }

  @Test
  void emptyFolderIsUnreadable() {
    assertThat(AuditVerifier.verify(LogSource.folder(temp.resolve("nothing")), null).verdict())
        .isEqualTo(Verdict.UNREADABLE);
  }

  @Test
  void checkpointPutBackToAnOlderOneHidesNothing() throws Exception {
    byte[] old = Files.readAllBytes(folder.resolve("checkpoint"));
    try (AuditLog log = open()) {
      finish(log, "later");
    }
    Files.write(folder.resolve("checkpoint"), old);
    Verification result = verify();
    assertThat(result.records()).isEqualTo(808);
    // Nor is it told: copied file by file while it is written, a sound log looks like this.
    assertThat(result.verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void journalPutBackToAnOlderOneIsRefused() throws Exception {
    Path segment = lastSegment();
    byte[] old = Files.readAllBytes(segment);
    try (AuditLog log = open()) {
      finish(log, "later");
    }
    Files.write(segment, old);
    Verification result = verify();
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems().getFirst().index()).isEqualTo(804);
    assertThatThrownBy(this::open)
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("804 records (expected: at least 808");
  }

  private Path lastSegment() throws IOException {
    try (var segments = Files.list(folder.resolve("journal"))) {
      return segments
          .filter(s -> {
            try {
              return Files.readAllBytes(s)[4096] != 0;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          })
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  @Test
  void savedCheckpointShowsALogThatWasReplaced() throws Exception {
    byte[] saved = Files.readAllBytes(folder.resolve("checkpoint"));
    Verification same =
        AuditVerifier.check(LogSource.folder(folder), options().withSaved("saved.note", saved));
    assertThat(same.verdict()).isEqualTo(Verdict.OK);
    byte[] secret = Files.readAllBytes(folder.resolve("signing.key"));
    byte[] vkey = Files.readAllBytes(folder.resolve("log.vkey"));
    folder = temp.resolve("forged");
    Files.createDirectories(folder);
    Files.write(folder.resolve("signing.key"), secret);
    Files.write(folder.resolve("log.vkey"), vkey);
    try (AuditLog log = open()) {
      finish(log, "forged");
    }
    assertThat(verify().verdict()).isEqualTo(Verdict.OK);
    assertThat(
            AuditVerifier.check(LogSource.folder(folder), options().withSaved("saved.note", saved))
                .verdict())
        .isEqualTo(Verdict.TAMPERED);
  }

  @Test
  void oneRecordIsProvenByOneFile() throws Exception {
    for (long index : new long[] {0, 1, 255, 256, 511, 512, 803}) {
      byte[] file = InclusionProver.prove(LogSource.folder(folder), index).bytes();
      assertThat(InclusionProver.check(ProofFile.parse(file), key).index()).isEqualTo(index);
      ProofFile proof = ProofFile.parse(file);
      ProofFile moved = new ProofFile(proof.extra(), index ^ 1, proof.path(), proof.checkpoint());
      assertThatThrownBy(() -> InclusionProver.check(moved, key))
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void queryFindsCallsWithTheirOutcomes() throws Exception {
    assertThat(query(Filter.ALL)).hasSize(804);
    assertThat(query(Filter.of(Map.of("call", "c-7")))).hasSize(2);
    assertThat(query(Filter.of(Map.of("tool", "read_file", "outcome", "completed")))).hasSize(400);
    assertThat(query(Filter.of(Map.of("outcome", "refused")))).hasSize(1);
    assertThat(query(Filter.of(Map.of("verdict", "deny", "principal", "alice@example.com"))))
        .hasSize(1);
    assertThat(query(Filter.of(Map.of("principal", "bob")))).isEmpty();
    assertThat(query(Filter.of(Map.of("kind", "genesis", "until", "2099-01-01T00:00:00Z"))))
        .hasSize(1);
    assertThat(LeafText.line(query(Filter.of(Map.of("call", "r-1"))).getFirst()))
        .contains("refused.denied", "alice@example.com", "read_file", "policies/files.rego:20");
  }

  @Test
  void tailFollowsALogThatIsBeingWritten() throws Exception {
    AuditTail tail = AuditTail.last(LogSource.folder(folder), 2);
    assertThat(tail.poll()).extracting(LogEntry::index).containsExactly(802L, 803L);
    assertThat(tail.poll()).isEmpty();
    try (AuditLog log = open()) {
      List<LogEntry> seen = new ArrayList<>();
      for (int i = 0; i < 700; i += 10) {
        finish(log, "t-", i, i + 10);
        for (List<LogEntry> more = tail.poll(); !more.isEmpty(); more = tail.poll()) {
          seen.addAll(more);
        }
        assertThat(seen.getLast().index()).isEqualTo(824 + 2L * i);
      }
      assertThat(seen).hasSize(1_401);
    }
  }

  @Test
  void logCanBeVerifiedWhileItGrows() throws Exception {
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(folder)
                .withSegmentBytes(1 << 18)
                .withCheckpointInterval(Duration.ofMillis(1)))) {
      for (int round = 0; round < 20; round++) {
        finish(log, "g-" + round + "-", 0, 100);
        assertThat(verify().problems()).extracting(Problem::toString).isEmpty();
      }
    }
  }
}
