package io.outrider.sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.AuditLog;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShipperTest {
  private static final SinkSpec.Pace PACE = new SinkSpec.Pace(100, 1 << 20, Duration.ofMillis(500));

  @TempDir private Path temp;
  private TestLog log;
  private final Receiver receiver = new Receiver();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> missed = new ArrayList<>();

  @BeforeEach
  void aLog() {
    log = new TestLog(temp.resolve("log"));
  }

  private Shipper shipper() {
    return shipper(receiver, SinkSpec.OnRefusal.WAIT);
  }

  private Shipper shipper(Sink sink, SinkSpec.OnRefusal onRefusal) {
    return new Shipper(
        log.folder(),
        new SinkSpec("siem", "test", PACE, onRefusal, ignored -> sink),
        sink,
        (name, from, to, why) -> missed.add(name + " " + from + " " + to + " " + why),
        words -> words.replace("hunter2", "[REDACTED]"),
        nanos::get,
        new Random(7));
  }

  /// Steps until there is nothing to do at once.
  private static Optional<Duration> settle(Shipper shipper) throws InterruptedException {
    Optional<Duration> wait = shipper.step();
    while (wait.isPresent() && wait.get().isZero()) {
      wait = shipper.step();
    }
    return wait;
  }

  private Path cursor() {
    return log.folder().resolve("export/siem.cursor");
  }

  private long cursorSays() throws Exception {
    return CursorFile.read(cursor()).orElseThrow().next();
  }

  @Test
  void everyRecordArrivesOnceInOrderAndTheCursorFollows() throws Exception {
    long size = log.write(700);
    Shipper shipper = shipper();
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());

    assertThat(settle(shipper)).contains(PACE.interval());

    assertThat(receiver.lines).isEqualTo(log.lines()).hasSize((int) size);
    assertThat(shipper.report().next()).isEqualTo(size);
    assertThat(shipper.report().delivered()).isEqualTo(size);
    assertThat(shipper.report().waitingSince()).isNull();
    nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    settle(shipper);
    assertThat(cursorSays()).isEqualTo(size);
  }

  @Test
  void whatNoCheckpointCoversIsNotSent() throws Exception {
    Shipper shipper = shipper();

    assertThat(settle(shipper)).contains(PACE.interval());

    assertThat(receiver.deliveries).isEmpty();
    assertThat(cursor()).doesNotExist();
  }

  @Test
  void theCursorIsWrittenSeldom() throws Exception {
    log.write(700);
    Shipper shipper = shipper();
    settle(shipper);
    assertThat(cursor()).as("less than two seconds went by").doesNotExist();

    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos());
    settle(shipper);

    assertThat(cursorSays()).isEqualTo(log.size());
  }

  @Test
  void aKillBetweenDeliveryAndCursorSendsAgainAndLosesNothing() throws Exception {
    log.write(250);
    Shipper first = shipper();
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);
    first.step();
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos());
    first.step();
    assertThat(cursorSays()).isEqualTo(200);
    receiver.dies = new AssertionError("killed");
    assertThatThrownBy(first::step).isSameAs(receiver.dies);

    receiver.dies = null;
    settle(shipper());

    assertThat(receiver.deliveries.get(3).from()).as("sent again").isEqualTo(200);
    assertThat(receiver.lines.stream().distinct().toList()).isEqualTo(log.lines());
  }

  @Test
  void anOutageIsCaughtUpWithoutAGap() throws Exception {
    log.write(150);
    Shipper shipper = shipper();
    settle(shipper);
    for (int i = 0; i < 12; i++) {
      receiver.failures.add(
          i % 2 == 0 ? new IOException("connection refused") : new IllegalStateException("odd"));
    }
    log.write(300);
    List<Duration> waits = new ArrayList<>();
    while (!receiver.failures.isEmpty()) {
      Duration wait = shipper.step().orElseThrow();
      waits.add(wait);
      assertThat(shipper.report().state()).isEqualTo(SinkReport.State.FAILING);
      assertThat(shipper.report().waitingSince()).isNotNull();
    }
    log.write(300);

    settle(shipper);
    settle(shipper);

    assertThat(receiver.lines).isEqualTo(log.lines());
    assertThat(shipper.report().state()).isEqualTo(SinkReport.State.RUNNING);
    assertThat(shipper.report().error()).isNull();
    assertThat(shipper.report().errors()).isEqualTo(12);
    assertThat(missed).isEmpty();
    assertThat(waits.getFirst()).isBetween(Backoff.FIRST.dividedBy(2), Backoff.FIRST);
    assertThat(waits).allSatisfy(wait -> assertThat(wait).isLessThanOrEqualTo(Backoff.CAP));
    assertThat(waits.getLast()).isGreaterThanOrEqualTo(Backoff.CAP.dividedBy(2));
  }

  @Test
  void aDamagedCursorStopsTheSinkAndNothingIsSent() throws Exception {
    log.write(10);
    Shipper before = shipper();
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);
    settle(before);
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);
    settle(before);
    String text = Files.readString(cursor());
    for (String damaged :
        List.of(
            text.replace("next 13", "next 11"),
            text.substring(0, text.length() - 1),
            text.replace("example.com", "example.org"),
            "",
            "next 5\n")) {
      Files.writeString(cursor(), damaged);
      receiver.lines.clear();
      Shipper shipper = shipper();

      assertThat(shipper.step()).as(damaged).isEmpty();

      assertThat(receiver.lines).isEmpty();
      assertThat(shipper.report().state()).isEqualTo(SinkReport.State.STOPPED);
      assertThat(shipper.report().error())
          .contains("siem.cursor")
          .contains("remove it to send the log again");
      assertThat(Export.positions(log.folder()).getFirst().error()).contains("siem.cursor");
    }
  }

  @Test
  void aCursorOfAnotherSinkOrLogIsNotFollowed() throws Exception {
    log.write(10);
    new CursorFile(log.folder(), "other", "test").write(TestLog.ORIGIN, 3);
    Files.move(log.folder().resolve("export/other.cursor"), cursor());
    Shipper ofAnother = shipper();
    assertThat(ofAnother.step()).isEmpty();
    assertThat(ofAnother.report().error()).contains("'other' (expected: 'siem')");

    new CursorFile(log.folder(), "siem", "test").write("example.com/elsewhere", 3);
    Shipper ofAnotherLog = shipper();
    assertThat(ofAnotherLog.step()).isEmpty();
    assertThat(ofAnotherLog.report().error())
        .contains("'example.com/elsewhere' (expected: 'example.com/sinks')");
    assertThat(receiver.lines).isEmpty();
  }

  @Test
  void aLogShorterThanTheCursorIsAnError() throws Exception {
    log.write(10);
    new CursorFile(log.folder(), "siem", "test").write(TestLog.ORIGIN, 1000);
    Shipper shipper = shipper();

    settle(shipper);

    assertThat(shipper.report().state()).isEqualTo(SinkReport.State.FAILING);
    assertThat(shipper.report().error()).contains("1000 were sent already");
    assertThat(receiver.lines).isEmpty();
  }

  @Test
  void recordsThatArePrunedAreAnnouncedAsAGap() throws Exception {
    log.write(900);
    List<String> lines = log.lines();
    Files.delete(log.folder().resolve(TilePath.entries(1, 256)));
    Files.delete(log.folder().resolve(TilePath.entries(2, 256)));
    Shipper shipper = shipper();

    settle(shipper);

    List<String> expected = new ArrayList<>(lines.subList(0, 256));
    expected.add(
        "{\"from\":256,\"k\":\"gap\",\"origin\":\"example.com/sinks\",\"to\":768,\"why\":\"no longer in the log\"}");
    expected.addAll(lines.subList(768, lines.size()));
    assertThat(receiver.lines).isEqualTo(expected);
    assertThat(missed).containsExactly("siem 256 768 no longer in the log");
    assertThat(shipper.report().missed()).isEqualTo(512);
    assertThat(shipper.report().errors()).isEqualTo(1);
  }

  @Test
  void aFolderThatIsNotThereIsNotTakenForPruning() throws Exception {
    log.write(300);
    Shipper shipper = shipper();
    shipper.step();
    Files.move(log.folder().resolve("tile"), temp.resolve("tile"));

    assertThat(settle(shipper).orElseThrow()).isPositive();
    assertThat(missed).isEmpty();
    assertThat(shipper.report().state()).isEqualTo(SinkReport.State.FAILING);

    Files.move(temp.resolve("tile"), log.folder().resolve("tile"));
    settle(shipper);
    assertThat(receiver.lines).isEqualTo(log.lines());
  }

  @Test
  void aRefusedRecordStopsTheSinkBeforeItAndIsNamed() throws Exception {
    log.write(300);
    receiver.refuses = item -> item.index() == 137;
    Shipper shipper = shipper();

    assertThat(settle(shipper).orElseThrow()).isBetween(Duration.ofSeconds(30), Backoff.CAP);

    assertThat(receiver.lines).isEqualTo(log.lines().subList(0, 137));
    assertThat(shipper.report().error()).isEqualTo("record 137 is refused: no thanks");
    assertThat(missed).isEmpty();
    receiver.refuses = item -> false;
    settle(shipper);
    assertThat(receiver.lines).isEqualTo(log.lines());
  }

  @Test
  void aRefusedRecordIsSetAsideIfTheOperatorSaidSo() throws Exception {
    log.write(300);
    receiver.refuses = item -> item.index() == 137 || item.index() == 138;
    Shipper shipper = shipper(receiver, SinkSpec.OnRefusal.SET_ASIDE);

    settle(shipper);

    List<String> expected = new ArrayList<>(log.lines());
    List<String> aside = List.copyOf(expected.subList(137, 139));
    expected.subList(137, 139).clear();
    assertThat(receiver.lines).isEqualTo(expected);
    assertThat(log.folder().resolve("export/siem.refused.jsonl"))
        .hasContent(String.join("\n", aside));
    assertThat(missed)
        .containsExactly("siem 137 138 refused: no thanks", "siem 138 139 refused: no thanks");
  }

  @Test
  void halfALineAmongThoseSetAsideDoesNotSpoilTheNext() throws Exception {
    log.write(300);
    Path aside = log.folder().resolve("export/siem.refused.jsonl");
    Files.createDirectories(aside.getParent());
    Files.writeString(aside, "{\"boot\":");
    receiver.refuses = item -> item.index() == 137;

    settle(shipper(receiver, SinkSpec.OnRefusal.SET_ASIDE));

    assertThat(Files.readAllLines(aside)).containsExactly("{\"boot\":", log.lines().get(137));
  }

  @Test
  void aDamagedBundleIsAnErrorNotASkip() throws Exception {
    log.write(300);
    Path bundle = log.folder().resolve(TilePath.entries(0, 256));
    byte[] whole = Files.readAllBytes(bundle);
    Files.write(bundle, new byte[] {9, 9, 9}, StandardOpenOption.TRUNCATE_EXISTING);
    Shipper shipper = shipper();

    settle(shipper);
    assertThat(shipper.report().error()).startsWith("the log cannot be read: bundle: ");
    assertThat(receiver.lines).isEmpty();

    Files.write(bundle, whole);
    settle(shipper);
    assertThat(receiver.lines).isEqualTo(log.lines());
  }

  @Test
  void whatAConnectionMayHaveSwallowedIsSentAgain() throws Exception {
    log.write(250);
    AtomicLong safe = new AtomicLong();
    List<Long> froms = new ArrayList<>();
    Sink doubtful =
        new Sink() {
          @Override
          public void deliver(Delivery delivery) throws IOException {
            if (froms.size() == 2) {
              froms.add(-1L);
              throw new IOException("reset");
            }
            froms.add(delivery.from());
          }

          @Override
          public long safe(long sent) {
            return Math.min(sent, safe.get());
          }

          @Override
          public void close() {}
        };
    Shipper shipper = shipper(doubtful, SinkSpec.OnRefusal.WAIT);
    safe.set(100);
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);

    shipper.step();
    shipper.step();
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);
    shipper.step();
    settle(shipper);

    assertThat(froms).containsExactly(0L, 100L, -1L, 100L, 200L);
    nanos.addAndGet(Shipper.CURSOR_PACE.toNanos() * 2);
    settle(shipper);
    assertThat(cursorSays()).isEqualTo(100);
    safe.set(1000);
    settle(shipper);
    assertThat(cursorSays()).isEqualTo(log.size());
  }

  @Test
  void appendsAreAcknowledgedWhileASinkNeverReturns() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Sink hangs =
        new Sink() {
          @Override
          public void deliver(Delivery delivery) throws InterruptedException {
            inside.countDown();
            never.await();
          }

          @Override
          public void close() {}
        };
    try (AuditLog audit = log.open()) {
      TestLog.append(audit, 10);
      Export export =
          Export.start(
              log.folder(),
              List.of(
                  new SinkSpec("stuck", "test", PACE, SinkSpec.OnRefusal.WAIT, ignored -> hangs)),
              (name, from, to, why) -> {},
              UnaryOperator.identity());
      assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();

      long last = TestLog.append(audit, 2_000);

      assertThat(last).isGreaterThanOrEqualTo(2_010);
      assertThat(export.reports().getFirst().next()).isZero();
      assertThat(export.reports().getFirst().waitingSince()).isNotNull();
      export.close(Duration.ofMillis(1));
      assertThat(export.reports().getFirst().next()).isZero();
    }
  }

  @Test
  void closingSendsWhatIsLeftAndWritesTheCursor() throws Exception {
    Export export;
    try (AuditLog audit = log.open()) {
      TestLog.append(audit, 10);
      export =
          Export.start(
              log.folder(),
              List.of(
                  new SinkSpec("siem", "test", PACE, SinkSpec.OnRefusal.WAIT, ignored -> receiver)),
              (name, from, to, why) -> {},
              UnaryOperator.identity());
      TestLog.append(audit, 400);
    }

    export.close(Duration.ofSeconds(20));

    assertThat(receiver.lines).isEqualTo(log.lines());
    assertThat(receiver.closed).isTrue();
    assertThat(cursorSays()).isEqualTo(log.size());
    SinkPosition position = Export.positions(log.folder()).getFirst();
    assertThat(position)
        .isEqualTo(new SinkPosition("siem", "test", "stopped", log.size(), 0, null));
  }

  @Test
  void aSinkThatCannotBeMadeIsNamed() throws Exception {
    log.write(1);
    assertThatThrownBy(() ->
            Export.start(
                log.folder(),
                List.of(
                    new SinkSpec(
                        "siem",
                        "test",
                        PACE,
                        SinkSpec.OnRefusal.WAIT,
                        ignored -> {
                          throw new IOException("ca.pem: no such file");
                        })),
                (name, from, to, why) -> {},
                UnaryOperator.identity()))
        .isInstanceOf(IOException.class)
        .hasMessage("audit.export.siem: ca.pem: no such file");
  }
}
