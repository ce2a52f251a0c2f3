package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.Inbox.Recorded;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.store.NoteFiles;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CustodyTest {
  private DiskInMemory disk = new DiskInMemory();

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/custody")
        .withSegmentBytes(1 << 18)
        .withCheckpointInterval(Duration.ofMillis(2))
        .withHeartbeatInterval(Duration.ZERO)
        .withFiles(disk.files());
  }

  /// A call whose text nobody else has.
  private static Refusal refusal(int number) {
    CallFacts facts = Samples.call("c-" + number);
    return new Refusal(
        new CallFacts(
            facts.callId(),
            facts.time(),
            facts.principal(),
            facts.client(),
            facts.source(),
            facts.target(),
            new Payload(312, Samples.DIGEST, text(number))),
        "refused.denied",
        List.of("no"),
        io.outrider.audit.record.Decision.NONE);
  }

  private static String text(int number) {
    return "{\"secret\":\"value of call " + number + ", and of no other\"}";
  }

  private static void append(AuditLog log, int from, int end) {
    List<Listening> all = new ArrayList<>();
    for (int i = from; i < end; i++) {
      Listening told = new Listening();
      log.append(refusal(i), Runnable::run, told);
      all.add(told);
    }
    all.forEach(Listening::answer);
  }

  private void logOf(int records) throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      append(log, 0, records);
    }
  }

  private Event event(Event.Kind kind, String... facts) {
    Map<String, String> all = new TreeMap<>(Map.of("by", "ann", "reason", "GDPR request 17"));
    for (int i = 0; i < facts.length; i += 2) {
      all.put(facts[i], facts[i + 1]);
    }
    return new Event(kind, Samples.NOON, all);
  }

  private long record(Event.Kind kind, String... facts) {
    Recorded recorded = Inbox.record(options(), event(kind, facts));
    assertThat(recorded).isInstanceOf(Recorded.Written.class);
    return ((Recorded.Written) recorded).index();
  }

  private static List<LogEntry> entries(LogSource source) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(source, 0, Filter.ALL, entries::add);
    return entries;
  }

  private LogEntry entry(long index) throws Exception {
    return entries(disk.source()).stream()
        .filter(e -> e.index() == index)
        .findFirst()
        .orElseThrow();
  }

  private List<String> kept(long index) throws Exception {
    return KeptValues.of(disk.source(), entry(index).leaf()).stream().map(Opening::field).toList();
  }

  private Verification verify() {
    return AuditVerifier.verify(disk.source(), null);
  }

  /// Record 2 + n is call n. In a full bundle, in the unfinished one, and at a border.
  @ParameterizedTest
  @ValueSource(ints = {0, 100, 253, 254, 300, 399})
  void anErasedValueIsInNoFileAndAllProofsHold(int call) throws Exception {
    logOf(400);
    long index = call + 2;
    byte[] salt = KeptValues.of(disk.source(), entry(index).leaf()).getFirst().salt();
    String saltText = new String(salt, StandardCharsets.ISO_8859_1);
    assertThat(disk.filesWith(text(call))).isNotEmpty();
    byte[] proof = InclusionProver.prove(disk.source(), index).bytes();

    long by = record(Event.Kind.REDACT, "record", Long.toString(index));

    assertThat(disk.filesWith(text(call))).isEmpty();
    assertThat(disk.filesWith(saltText)).isEmpty();
    assertThat(kept(index)).isEmpty();
    assertThat(kept(index == 2 ? 3 : index - 1)).containsExactly("in.digest", "in.text");
    assertThat(entry(by).leaf().text("f.refused")).isEmpty();
    assertThat(verify().problems()).isEmpty();
    InclusionProver.check(ProofFile.parse(proof), Objects.requireNonNull(verify().key()));
    InclusionProver.prove(disk.source(), index);
    // And the log goes on from what it finds.
    try (AuditLog log = AuditLog.open(options())) {
      append(log, 1_000, 1_300);
    }
    assertThat(disk.filesWith(text(call))).isEmpty();
    assertThat(kept(index)).isEmpty();
    assertThat(verify().problems()).isEmpty();
  }

  /// A segment has 16 MiB: who erases for a hundred people should not fill a disk by it.
  @Test
  void erasuresShareASegmentThatHoldsNothingOfTheirs() throws Exception {
    logOf(300);
    record(Event.Kind.REDACT, "record", "5");
    String last = disk.list("journal").getLast();
    for (int index = 6; index < 300; index += 49) {
      record(Event.Kind.REDACT, "record", Integer.toString(index));
      assertThat(disk.filesWith(text(index - 2))).isEmpty();
    }
    assertThat(disk.list("journal").getLast()).isEqualTo(last);
    assertThat(verify().problems()).isEmpty();

    try (AuditLog log = AuditLog.open(options())) {
      append(log, 1_000, 1_010);
    }
    long inUse = entries(disk.source()).getLast().index() - 3;
    record(Event.Kind.REDACT, "record", Long.toString(inUse));
    assertThat(disk.filesWith(text(1_007))).isEmpty();
    assertThat(kept(inUse)).isEmpty();
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void oneFieldMayGoAndTheOtherStay() throws Exception {
    logOf(20);
    record(Event.Kind.REDACT, "record", "5", "field", "in.text");
    assertThat(kept(5)).containsExactly("in.digest");
    assertThat(disk.filesWith(text(3))).isEmpty();
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void aHoldKeepsValuesAndRecordsUntilItIsReleased() throws Exception {
    logOf(600);
    long hold = record(Event.Kind.HOLD, "from", "300", "to", "310");
    long refused = record(Event.Kind.REDACT, "record", "305");
    assertThat(entry(refused).leaf().text("f.refused").orElseThrow())
        .contains("legal hold " + hold);
    assertThat(kept(305)).hasSize(2);
    long dropped = record(Event.Kind.PRUNE, "minimum", "512");
    assertThat(entry(dropped).leaf().text("f.refused").orElseThrow())
        .contains("record 300 is under legal hold " + hold);
    record(Event.Kind.REDACT, "record", "299");
    assertThat(kept(299)).isEmpty();
    record(Event.Kind.PRUNE, "minimum", "256");
    assertThat(entries(disk.source()).getFirst().index()).isEqualTo(256);

    assertThat(entry(record(Event.Kind.RELEASE, "hold", "7")).leaf().text("f.refused")).isPresent();
    record(Event.Kind.RELEASE, "hold", Long.toString(hold));
    record(Event.Kind.REDACT, "record", "305");
    assertThat(kept(305)).isEmpty();
    record(Event.Kind.PRUNE, "minimum", "512");
    assertThat(entries(disk.source()).getFirst().index()).isEqualTo(512);
    assertThat(verify().problems()).isEmpty();
    assertThat(verify().pruned()).isEqualTo(512);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLostListOfHoldsIsMadeAnewFromTheRecords(boolean garbled) throws Exception {
    logOf(300);
    long hold = record(Event.Kind.HOLD, "from", "10", "to", "20");
    Path list = DiskInMemory.ROOT.resolve("state/custody");
    if (garbled) {
      try (FileOps.Handle file = disk.files().open(list, FileOps.Mode.WRITE)) {
        file.write(ByteBuffer.wrap(new byte[10]), 3);
      }
    } else {
      disk.files().delete(list);
    }
    long refused = record(Event.Kind.REDACT, "record", "15");
    assertThat(entry(refused).leaf().text("f.refused").orElseThrow())
        .contains("legal hold " + hold);
  }

  @Test
  void whatARecordWouldCutIsRefusedByTheCommand() throws Exception {
    logOf(300);
    for (String reason : List.of("x".repeat(513), "\u20ac".repeat(171), "\n".repeat(257))) {
      assertThatThrownBy(
              () -> Inbox.record(options(), event(Event.Kind.HOLD, "from", "1", "reason", reason)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("reason: 51[34] bytes \\(expected: at most 512.*");
    }
    long hold = record(Event.Kind.HOLD, "from", "1", "reason", "x".repeat(512));
    assertThat(CustodyRecords.read(disk.source()).holdOn(1)).isPresent();
    assertThat(entry(hold).leaf().text("f.reason")).contains("x".repeat(512));
  }

  /// A note that no command of ours left.
  @Test
  void aNoteThatARecordWouldCutIsRefusedByTheWriterAndTheListSaysWhatTheLogSays() throws Exception {
    logOf(300);
    Event asked = event(Event.Kind.HOLD, "from", "1", "reason", "x".repeat(600));
    new NoteFiles(disk.files(), DiskInMemory.ROOT)
        .leave(new InboxNote(InboxNote.id(Samples.NOON, 1), asked));
    // The refusals of the next are longer than a leaf's field, too.
    long other = record(Event.Kind.HOLD, "from", "y".repeat(510));

    assertThat(entry(other - 1).leaf().text("f.refused"))
        .hasValueSatisfying(
            why -> assertThat(why).contains("reason: 600 bytes (expected: at most 512"));
    assertThat(CustodyRecords.read(disk.source()).holds()).isEmpty();
    assertThat(CustodyEvent.parse(disk.source().read(CustodyEvent.FILE).orElseThrow()))
        .isEqualTo(List.of(custody(other - 1), custody(other)));
    assertThat(verify().problems()).isEmpty();
  }

  private CustodyEvent custody(long index) throws Exception {
    return CustodyEvent.of(entry(index).leaf()).orElseThrow();
  }

  @Test
  void aListThatDiffersFromTheRecordsIsMadeAnew() throws Exception {
    logOf(300);
    long hold = record(Event.Kind.HOLD, "from", "10", "to", "20");
    CustodyEvent wrong =
        new CustodyEvent(
            hold,
            Event.Kind.HOLD,
            Map.of("from", "10", "to", "12", "by", "ann", "reason", "x".repeat(600)));
    Path list = DiskInMemory.ROOT.resolve(CustodyEvent.FILE);
    disk.files().delete(list);
    try (FileOps.Handle file = disk.files().open(list, FileOps.Mode.CREATE)) {
      file.write(ByteBuffer.wrap(CustodyEvent.list(List.of(wrong))), 0);
    }
    assertThat(CustodyRecords.read(disk.source()).holdOn(20)).isPresent();

    long refused = record(Event.Kind.REDACT, "record", "15");

    assertThat(entry(refused).leaf().text("f.refused").orElseThrow())
        .contains("legal hold " + hold);
    assertThat(CustodyEvent.parse(disk.source().read(CustodyEvent.FILE).orElseThrow()))
        .isEqualTo(List.of(custody(hold), custody(refused)));
  }

  @Test
  void prunedRecordsAreGoneAndTheRestIsProven() throws Exception {
    logOf(1_000);
    byte[] old = disk.source().read("checkpoint").orElseThrow();
    int journalBefore = disk.filesWith(text(100)).size();
    assertThat(journalBefore).isPositive();

    assertThat(disk.list("tile/entries")).contains("000", "001", "002");

    record(Event.Kind.PRUNE, "minimum", "768");

    for (int call : new int[] {0, 100, 500}) {
      assertThat(disk.filesWith(text(call))).isEmpty();
      assertThat(disk.filesWith("\"c-" + call + "\"")).isEmpty();
    }
    assertThat(disk.list("tile/entries")).doesNotContain("000", "001", "002");
    Verification found =
        AuditVerifier.check(disk.source(), VerifyOptions.DEFAULT.withSaved("old", old));
    assertThat(found.problems()).isEmpty();
    assertThat(found.pruned()).isEqualTo(768);
    assertThat(entries(disk.source()).getFirst().index()).isEqualTo(768);
    for (long index : new long[] {768, 900, 1_001}) {
      InclusionProver.check(
          InclusionProver.prove(disk.source(), index), Objects.requireNonNull(found.key()));
    }
    assertThatThrownBy(() -> InclusionProver.prove(disk.source(), 5))
        .isInstanceOf(IOException.class);
    try (AuditLog log = AuditLog.open(options())) {
      append(log, 2_000, 2_400);
    }
    assertThat(verify().problems()).isEmpty();
  }

  /// A folder put back from a backup brings back what was taken.
  @Test
  void valuesThatAreBackAfterTheyWereTakenAreTold() throws Exception {
    logOf(1_000);
    byte[] first = disk.source().read("sealed/000").orElseThrow();
    byte[] second = disk.source().read("sealed/001").orElseThrow();
    byte[] bundle = disk.source().read("tile/entries/000").orElseThrow();

    long redacted = record(Event.Kind.REDACT, "record", "300");
    put("sealed/001", second);
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().toString())
        .contains("record 300", "still there", "record " + redacted + " says");

    record(Event.Kind.REDACT, "record", "300");
    assertThat(verify().problems()).isEmpty();

    long pruned = record(Event.Kind.PRUNE, "minimum", "256");
    put("sealed/000", first);
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().toString())
        .contains("sealed/000", "still there", "record " + pruned + " says");

    // Nor does it help to bring the records back, too.
    put("tile/entries/000", bundle);
    assertThat(verify().problems().getFirst().toString()).contains("sealed/000", "still there");
  }

  private void put(String name, byte[] content) throws IOException {
    Path file = DiskInMemory.ROOT.resolve(name);
    disk.files().delete(file);
    try (FileOps.Handle handle = disk.files().open(file, FileOps.Mode.CREATE)) {
      handle.write(ByteBuffer.wrap(content), 0);
    }
  }

  @Test
  void aReleaseOfWhatIsNoHoldIsTold() throws Exception {
    logOf(20);
    long hold = record(Event.Kind.HOLD, "from", "3", "to", "9");
    record(Event.Kind.RELEASE, "hold", Long.toString(hold));
    assertThat(verify().problems()).isEmpty();
    // The writer refuses a second release; only a record without that word would be a lie.
    long again = record(Event.Kind.RELEASE, "hold", Long.toString(hold));
    assertThat(custody(again).wasDone()).isFalse();
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void aBundleThatNoRecordAllowsToBeGoneIsTampering() throws Exception {
    logOf(1_000);
    record(Event.Kind.PRUNE, "minimum", "256");
    disk.files().delete(DiskInMemory.ROOT.resolve("tile/entries/001"));
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().index()).isEqualTo(256);
    assertThat(verify().problems().getFirst().what()).contains("no prune record allows");
  }

  @Test
  void whatCannotBeDoneIsRefusedAndSaysWhy() throws Exception {
    logOf(300);
    Map<Event.Kind, String[]> asked =
        Map.of(
            Event.Kind.REDACT, new String[] {"record", "9000"},
            Event.Kind.PRUNE, new String[] {"minimum", "512"},
            Event.Kind.HOLD, new String[] {"from", "9000", "to", "9001"},
            Event.Kind.RELEASE, new String[] {"hold", "x"});
    for (Map.Entry<Event.Kind, String[]> each : asked.entrySet()) {
      long index = record(each.getKey(), each.getValue());
      assertThat(entry(index).leaf().text("f.refused").orElseThrow()).contains("expected");
    }
    assertThat(verify().problems()).isEmpty();
    assertThat(entries(disk.source())).hasSizeGreaterThan(300);
  }

  /// Ends the machine at every operation of an erasure, or of a pruning, and lets the next process
  /// finish it.
  @ParameterizedTest
  @ValueSource(strings = {"redact", "prune"})
  void whereverTheMachineEndsTheLogIsWholeAndTheWorkGetsDone(String what) throws Exception {
    int operations = 0;
    int repeated = 0;
    logOf(600);
    DiskInMemory whole = disk;
    for (boolean finished = false; !finished; operations += 2) {
      disk = whole.copy();
      Event asked =
          what.equals("redact")
              ? event(Event.Kind.REDACT, "record", "300")
              : event(Event.Kind.PRUNE, "minimum", "512");
      disk.crashAt(operations);
      finished =
          disk.liveThrough(() -> Inbox.record(options(), asked), new Random(operations * 31L));
      assertThat(verify().problems()).as("as operation %s left it", operations).isEmpty();
      boolean noted = disk.list("inbox").stream().anyMatch(n -> n.endsWith(".note"));
      Inbox.record(options(), event(Event.Kind.REVIEW, "command", "look"));
      Verification found = verify();
      assertThat(found.problems()).as("operation %s", operations).isEmpty();
      List<LogEntry> events =
          entries(disk.source()).stream()
              .filter(e -> e.leaf().text("ev").orElse("").equals(what))
              .toList();
      if (finished || noted || !events.isEmpty()) {
        assertThat(events).as("operation %s", operations).isNotEmpty();
        assertThat(disk.filesWith(text(298))).as("operation %s", operations).isEmpty();
      }
      if (what.equals("prune")) {
        assertThat(found.pruned()).isEqualTo(events.isEmpty() ? 0 : 512);
      }
      repeated += noted ? 1 : 0;
    }
    System.out.printf("%s: %d operations, %d finished by the next%n", what, operations, repeated);
    assertThat(operations).isGreaterThan(60);
    assertThat(repeated).isGreaterThan(10);
  }

  @Test
  void erasingWorksWhileTheWriterIsBusy(@TempDir Path folder) throws Exception {
    AuditOptions real =
        AuditOptions.in(folder.resolve("log"))
            .withSegmentBytes(1 << 20)
            .withCheckpointInterval(Duration.ofMillis(5));
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong written = new AtomicLong();
    List<Integer> erased = List.of(3, 100, 700, 1_500, 2_999);
    try (AuditLog log = AuditLog.open(real)) {
      append(log, 0, 3_000);
      List<Thread> callers = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        int base = 10_000 + t * 1_000_000;
        callers.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int i = base; !stop.get() && i < base + 25_000; i += 50) {
                    append(log, i, i + 50);
                    written.addAndGet(50);
                  }
                }));
      }
      for (int call : erased) {
        Event asked = event(Event.Kind.REDACT, "record", Integer.toString(call + 2));
        // Of now: a note of last week that is not whole yet would be cleared away as abandoned.
        assertThat(Inbox.record(real, new Event(asked.kind(), Instant.now(), asked.fields())))
            .isInstanceOf(Recorded.Left.class);
      }
      long until = System.nanoTime() + Duration.ofSeconds(60).toNanos();
      while (hasNotes(folder) && System.nanoTime() < until) {
        LockSupport.parkNanos(1_000_000);
      }
      assertThat(hasNotes(folder)).isFalse();
      stop.set(true);
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(log.health().state()).isEqualTo(Health.State.OK);
    }
    assertThat(filesWith(folder, erased.stream().map(CustodyTest::text).toList())).isEmpty();
    assertThat(AuditVerifier.verify(LogSource.folder(folder.resolve("log")), null).problems())
        .isEmpty();
    System.out.printf("erased 5 values while %d records were written%n", written.get());
    assertThat(written.get()).isPositive();
  }

  private static boolean hasNotes(Path folder) throws IOException {
    try (Stream<Path> notes = Files.list(folder.resolve("log/inbox"))) {
      return notes.findAny().isPresent();
    }
  }

  private static List<Path> filesWith(Path folder, List<String> texts) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (texts.stream().anyMatch(content::contains)) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
