package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.Inbox.Recorded;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboxTest {
  private final DiskInMemory disk = new DiskInMemory();

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/inbox")
        .withSegmentBytes(1 << 18)
        .withCheckpointInterval(Duration.ofMillis(2))
        .withFiles(disk.files());
  }

  private static Event review(String command) {
    return new Event(Event.Kind.REVIEW, Samples.NOON, Map.of("who", "ann", "command", command));
  }

  private static List<LogEntry> events(LogSource source, Event.Kind kind) throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(source, 0, Filter.ALL, entries::add);
    entries.removeIf(e -> !e.leaf().text("ev").orElse("").equals(kind.slug()));
    return entries;
  }

  private List<LogEntry> reviews() throws Exception {
    return events(disk.source(), Event.Kind.REVIEW);
  }

  private void put(String name, byte[] content) throws IOException {
    Path inbox = DiskInMemory.ROOT.resolve("inbox");
    disk.files().createDirectories(inbox);
    try (FileOps.Handle file = disk.files().open(inbox.resolve(name), FileOps.Mode.CREATE)) {
      file.write(ByteBuffer.wrap(content), 0);
    }
  }

  /// Waits until the log has looked into its inbox and removed a note.
  private CountDownLatch removed() {
    CountDownLatch gone = new CountDownLatch(1);
    disk.fault(what -> {
      if (what.equals("fsync folder inbox") && disk.list("inbox").isEmpty()) {
        gone.countDown();
      }
    });
    return gone;
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).as("happened within 20 s").isTrue();
  }

  @Test
  void whereNoWriterRunsTheCommandWritesItsEventItself() throws Exception {
    AuditLog.open(options()).close();
    Recorded recorded = Inbox.record(options(), review("audit query"));
    assertThat(reviews()).hasSize(1);
    LogEntry review = reviews().getFirst();
    assertThat(recorded).isEqualTo(new Recorded.Written(review.index()));
    assertThat(review.leaf().text("f.who")).contains("ann");
    assertThat(review.leaf().text("f.noted")).contains(Samples.NOON.toString());
    assertThat(disk.list("inbox")).isEmpty();
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Durability.class)
  void theRunningWriterTakesTheNoteAndRemovesItWhenItIsOnDisk(Durability durability)
      throws Exception {
    try (AuditLog log = AuditLog.open(options().withDurability(durability))) {
      CountDownLatch gone = removed();
      Recorded recorded = Inbox.record(options(), review("audit show 7"));
      assertThat(recorded).isInstanceOf(Recorded.Left.class);
      await(gone);
      assertThat(log.health().state()).isEqualTo(Health.State.OK);
      assertThat(reviews()).hasSize(1);
      assertThat(reviews().getFirst().leaf().text("f.note"))
          .contains(((Recorded.Left) recorded).note());
    }
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void aNoteThatOutlivesItsRecordIsNotRecordedTwice() throws Exception {
    AuditLog log = AuditLog.open(options());
    CountDownLatch tried = new CountDownLatch(1);
    disk.fault(what -> {
      if (what.startsWith("delete") && what.endsWith(".note")) {
        tried.countDown();
        throw new IOException("Input/output error");
      }
    });
    assertThat(Inbox.record(options(), review("audit stats"))).isInstanceOf(Recorded.Left.class);
    await(tried);
    log.close();
    assertThat(disk.list("inbox")).hasSize(1);
    disk.fault(what -> {});
    CountDownLatch gone = removed();
    AuditLog again = AuditLog.open(options());
    await(gone);
    again.close();
    assertThat(reviews()).hasSize(1);
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void whatIsNoNoteIsSetAsideAndKept() throws Exception {
    AuditLog.open(options()).close();
    String id = InboxNote.id(Samples.NOON, 7);
    put("readme.txt", "hello".getBytes(StandardCharsets.UTF_8));
    put(id + ".note", new byte[0]);
    put(InboxNote.id(Samples.NOON, 8) + ".note", new byte[InboxNote.MAX_BYTES + 1]);
    put(
        InboxNote.id(Samples.NOON, 9) + ".note",
        ("{\"ev\":\"policy\",\"f\":{},\"note\":\""
                + InboxNote.id(Samples.NOON, 9)
                + "\",\"t\":\"2026-11-20T12:00:00Z\"}")
            .getBytes(StandardCharsets.UTF_8));
    put(InboxNote.id(Samples.NOON, 10) + ".note", new InboxNote(id, review("x")).bytes());
    put(InboxNote.id(Samples.NOON, 11) + ".note.tmp", new byte[3]);
    Inbox.record(options(), review("audit gaps"));
    assertThat(reviews()).hasSize(1);
    assertThat(events(disk.source(), Event.Kind.POLICY)).isEmpty();
    assertThat(disk.list("inbox")).isEmpty();
    assertThat(disk.list("quarantine"))
        .hasSize(5)
        .contains("inbox-readme.txt", "inbox-" + id + ".note");
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void onlyWhatACommandMaySayCanBeLeft() {
    assertThatThrownBy(
            () -> Inbox.record(options(), new Event(Event.Kind.STOP, Samples.NOON, Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"stop\"");
    assertThatThrownBy(() ->
            Inbox.record(
                options(),
                new Event(Event.Kind.REVIEW, Samples.NOON, Map.of("q", "x".repeat(20_000)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("16384");
  }

  @Test
  void aFolderThatIsNotTheWritersIsLeftAlone() {
    assertThat(Inbox.record(options(), review("audit query")))
        .isInstanceOfSatisfying(
            Recorded.Frozen.class, no -> assertThat(no.reason()).contains("no signing key"));
    assertThat(disk.list("")).isEmpty();
  }

  @Test
  void aCopyIsNotSignedInUntilOutriderIsStartedThere(@TempDir Path temp) throws Exception {
    Path folder = temp.resolve("log");
    Path copy = temp.resolve("copy");
    AuditOptions inFolder = AuditOptions.in(folder).withSegmentBytes(1 << 18);
    AuditOptions inCopy = AuditOptions.in(copy).withSegmentBytes(1 << 18);
    AuditLog.open(inFolder).close();
    copy(folder, copy);
    List<String> before = contents(copy);

    assertThat(Inbox.record(inCopy, review("audit show")))
        .isInstanceOfSatisfying(
            Recorded.Frozen.class, no -> assertThat(no.reason()).contains("is a copy of"));
    assertThat(contents(copy)).isEqualTo(before);
    assertThat(Inbox.record(inFolder, review("audit show"))).isInstanceOf(Recorded.Written.class);

    Path moved = Files.move(folder, temp.resolve("moved"));
    assertThat(Inbox.record(AuditOptions.in(moved).withSegmentBytes(1 << 18), review("audit show")))
        .isInstanceOf(Recorded.Written.class);

    try (AuditLog log = AuditLog.open(inCopy)) {
      assertThat(log.publicKey()).isNotNull();
      assertThat(Inbox.record(inCopy, review("audit show"))).isInstanceOf(Recorded.Left.class);
    }
    assertThat(Inbox.record(inCopy, review("audit show"))).isInstanceOf(Recorded.Written.class);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(from.relativize(file)));
      }
    }
  }

  private static List<String> contents(Path folder) throws IOException {
    List<String> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted().toList()) {
        contents.add(
            file
                + (Files.isRegularFile(file)
                    ? ": " + Arrays.hashCode(Files.readAllBytes(file))
                    : ""));
      }
    }
    return contents;
  }

  @Test
  void aDamagedLogIsNotWrittenToAndTheNoteIsTakenBack() throws Exception {
    AuditLog.open(options()).close();
    disk.files().delete(DiskInMemory.ROOT.resolve("state/signed"));
    assertThat(Inbox.record(options(), review("audit query")))
        .isInstanceOfSatisfying(
            Recorded.Frozen.class, no -> assertThat(no.reason()).contains("two times"));
    assertThat(disk.list("inbox")).isEmpty();
  }

  @Test
  void whatIsSetAsideOverwritesNothing() throws Exception {
    AuditLog.open(options()).close();
    for (int i = 0; i < 3; i++) {
      put("readme.txt", new byte[i]);
      Inbox.record(options(), review("audit gaps"));
    }
    assertThat(disk.list("quarantine"))
        .containsExactly("inbox-readme.txt", "inbox-readme.txt.1", "inbox-readme.txt.2");
  }

  /// Fails every operation from some point on, or one alone, while a hold is placed: if its record
  /// is there the hold is in force, and if it was said that nothing was left nothing was.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aHoldWhoseRecordIsDurableIsInForceWhateverFails(boolean once) throws Exception {
    Event hold =
        new Event(Event.Kind.HOLD, Samples.NOON, Map.of("from", "0", "by", "ann", "reason", "x"));
    Instant later = Samples.NOON.plusSeconds(1);
    Event prune = new Event(Event.Kind.PRUNE, later, Map.of("minimum", "256", "by", "ann"));
    DiskInMemory whole = disk;
    try (AuditLog log = AuditLog.open(options())) {
      Listening last = new Listening();
      for (int i = 0; i < 300; i++) {
        last = new Listening();
        log.append(Samples.refusal("c-" + i), Runnable::run, last);
      }
      last.answer();
    }
    int recordedAndFailed = 0;
    boolean failed = true;
    for (int operation = 0; failed; operation++) {
      DiskInMemory machine = whole.copy();
      AuditOptions log = options().withFiles(machine.files());
      int failing = operation;
      AtomicInteger seen = new AtomicInteger();
      AtomicBoolean hit = new AtomicBoolean();
      machine.fault(what -> {
        int now = seen.getAndIncrement();
        if (once ? now == failing : now >= failing) {
          hit.set(true);
          throw new IOException("Input/output error");
        }
      });
      Recorded told = Inbox.record(log, hold);
      machine.fault(what -> {});
      failed = hit.get();
      Inbox.record(log, prune);
      int holds = events(machine.source(), Event.Kind.HOLD).size();
      LogEntry pruned = events(machine.source(), Event.Kind.PRUNE).getLast();
      assertThat(pruned.leaf().text("f.refused").isPresent())
          .as("refused after operation %s: %s", operation, told)
          .isEqualTo(holds > 0);
      if (told instanceof Recorded.Written || told instanceof Recorded.Left) {
        assertThat(holds).as("operation %s: %s", operation, told).isPositive();
      }
      assertThat(machine.list("inbox").stream().filter(n -> n.endsWith(".note"))).isEmpty();
      recordedAndFailed += failed && holds > 0 ? 1 : 0;
    }
    assertThat(recordedAndFailed).isGreaterThan(10);
  }

  @Test
  void anEntryThatCannotBeReadStopsNoOther(@TempDir Path folder) throws Exception {
    AuditOptions real = AuditOptions.in(folder.resolve("log")).withSegmentBytes(1 << 18);
    AuditLog.open(real).close();
    Path inbox = Files.createDirectories(folder.resolve("log/inbox"));
    Files.createDirectory(inbox.resolve("0000-a-folder"));
    Files.createDirectory(inbox.resolve("another.tmp"));
    Files.createDirectory(inbox.resolve(InboxNote.id(Samples.NOON, 1) + ".note"));
    assertThat(Inbox.record(real, review("audit tail"))).isInstanceOf(Recorded.Written.class);
    assertThat(inbox.resolve("0000-a-folder")).isDirectory();
    assertThat(inbox.resolve("another.tmp")).isDirectory();
  }

  /// Ends the machine at every operation of a command that records an event.
  @Test
  void noNoteIsLostWhereverTheMachineEnds() throws Exception {
    int operations = 0;
    for (boolean finished = false; !finished; operations++) {
      DiskInMemory machine = new DiskInMemory();
      AuditOptions log = options().withFiles(machine.files());
      AuditLog.open(log).close();
      machine.crashAt(operations);
      List<Recorded> told = new ArrayList<>();
      finished =
          machine.liveThrough(
              () -> told.add(Inbox.record(log, review("first"))), new Random(operations));
      boolean left =
          !machine.list("inbox").stream().filter(n -> n.endsWith(".note")).toList().isEmpty();
      Inbox.record(log.withFiles(machine.files()), review("second"));
      List<String> commands =
          events(machine.source(), Event.Kind.REVIEW).stream()
              .flatMap(e -> e.leaf().text("f.command").stream())
              .toList();
      assertThat(commands).as("operation %s", operations).containsOnlyOnce("second");
      if (left || !told.isEmpty()) {
        assertThat(commands).as("operation %s", operations).contains("first");
      }
      assertThat(commands).as("operation %s", operations).hasSizeLessThanOrEqualTo(2);
      assertThat(machine.list("inbox").stream().filter(n -> n.endsWith(".note"))).isEmpty();
      assertThat(AuditVerifier.verify(machine.source(), null).problems())
          .as("operation %s", operations)
          .isEmpty();
    }
    assertThat(operations).isGreaterThan(20);
  }

  @Test
  void notesAreThereForTheirOwnerOnly(@TempDir Path folder) throws Exception {
    AuditOptions real = AuditOptions.in(folder.resolve("log")).withSegmentBytes(1 << 18);
    try (AuditLog log = AuditLog.open(real.withCheckpointInterval(Duration.ofHours(1)))) {
      assertThat(Inbox.record(real, review("audit query"))).isInstanceOf(Recorded.Left.class);
      Path inbox = folder.resolve("log/inbox");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inbox)))
          .isEqualTo("rwx------");
      try (Stream<Path> notes = Files.list(inbox)) {
        for (Path note : notes.toList()) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(note)))
              .isEqualTo("rw-------");
        }
      }
      // The lock survived the look at it from inside the process that has it.
      assertThat(Inbox.record(real, review("audit show"))).isInstanceOf(Recorded.Left.class);
      assertThat(log.health().state()).isEqualTo(Health.State.OK);
    }
    assertThat(Inbox.record(real, review("audit tail"))).isInstanceOf(Recorded.Written.class);
    assertThat(events(LogSource.folder(folder.resolve("log")), Event.Kind.REVIEW)).hasSize(3);
  }
}
