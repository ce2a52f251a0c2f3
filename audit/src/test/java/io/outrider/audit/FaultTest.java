package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.format.Opening;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {
  private static final Duration STALL = Duration.ofSeconds(5);

  /// Operations that fail in turn; by far more than one round of work has.
  private static final int MOST_FAULTS = Integer.getInteger("audit.faults", 60);

  /// Runs of a log that is opened over and over, before a new one: each adds checkpoints whose
  /// signatures a verification checks.
  private static final int RUNS = 20;

  private DiskInMemory disk = new DiskInMemory();

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/fault")
        .withSegmentBytes(1 << 18)
        .withFiles(disk.files());
  }

  private static Listening append(AuditLog log, String call) {
    Listening told = new Listening();
    log.append(Samples.refusal(call), Runnable::run, told);
    return told;
  }

  /// A refusal that has come before `append` returns: whatever the machine is busy with, the caller
  /// has not waited for anything.
  private static AuditUnavailable refusedAtOnce(AuditLog log, String call) {
    Listening told = append(log, call);
    assertThat(told.told()).isEqualTo(1);
    return told.refusal();
  }

  private List<LogEntry> entries() throws Exception {
    List<LogEntry> entries = new ArrayList<>();
    AuditQuery.run(disk.source(), 0, Filter.ALL, entries::add);
    return entries;
  }

  private List<String> kinds() throws Exception {
    return entries().stream().flatMap(e -> e.leaf().text("ev").stream()).toList();
  }

  private List<String> calls() throws Exception {
    return entries().stream().flatMap(e -> e.leaf().text("call").stream()).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"write 0000000000000001", "fdatasync 0000000000000001"})
  void firstErrorOfTheJournalIsFinalAndNothingIsAcknowledgedAfterIt(String operation)
      throws Exception {
    AuditLog log = AuditLog.open(options());
    assertThat(append(log, "before").index()).isEqualTo(2);
    AtomicInteger failures = new AtomicInteger();
    disk.fault(what -> {
      // Only once: like the kernel, which reports a failed flush to one caller and then forgets it.
      if (what.startsWith(operation) && failures.getAndIncrement() == 0) {
        throw new IOException("No space left on device");
      }
    });
    Listening failed = append(log, "during");
    assertThat(failed.refusal().reason()).isEqualTo(Reason.FAILED);
    assertThat(failed.refusal().detail()).contains("No space left on device").contains("restart");
    assertThat(refusedAtOnce(log, "after").reason()).isEqualTo(Reason.FAILED);
    Listening after = append(log, "after");
    assertThat(after.refusal().retryable()).isFalse();
    assertThat(log.health().state()).isEqualTo(Health.State.FAILED);
    log.close();
    assertThat(Stream.of(failed, after)).allMatch(l -> l.told() == 1);
    disk.fault(what -> {});
    AuditLog.open(options()).close();
    assertThat(AuditVerifier.verify(disk.source(), null).verdict()).isEqualTo(Verdict.OK);
    assertThat(kinds()).contains("recovery");
    assertThat(calls()).doesNotContain("after");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyOperationOfOpeningMayFailOnceAndTheNextOpeningIsWhole(boolean again) throws Exception {
    boolean reached = false;
    int fail = 0;
    for (; !reached; fail++) {
      disk = new DiskInMemory();
      if (again) {
        AuditLog.open(options()).close();
      }
      AtomicInteger count = new AtomicInteger();
      int which = fail;
      disk.fault(what -> {
        if (count.getAndIncrement() == which) {
          throw new IOException("Input/output error");
        }
      });
      try {
        AuditLog log = AuditLog.open(options());
        disk.fault(what -> {});
        log.close();
        reached = count.get() <= which;
      } catch (AuditException e) {
        assertThat(e).hasMessageContaining("audit log in");
      }
      disk.fault(what -> {});
      AuditLog.open(options()).close();
      assertThat(AuditVerifier.verify(disk.source(), null).problems())
          .as("operation %s", fail)
          .isEmpty();
    }
    assertThat(fail).isGreaterThan(10);
  }

  /// Every operation of a log at work fails once, or from then on until the disk is mended; what
  /// was acknowledged is there afterwards, nothing is acknowledged after an error, and no file has
  /// to be repaired by hand.
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyOperationOfWorkingMayFailAndNothingAcknowledgedIsLost(boolean once) throws Exception {
    int failed = 0;
    int kept = 0;
    for (int fail = 0; ; fail++) {
      disk = fail % RUNS == 0 ? new DiskInMemory() : disk;
      AuditLog log =
          AuditLog.open(
              options().withCheckpointInterval(Duration.ofMillis(1)).withStallLimit(STALL));
      AtomicInteger count = new AtomicInteger();
      int which = fail;
      disk.fault(what -> {
        int number = count.getAndIncrement();
        if (once ? number == which : number >= which) {
          throw new IOException(which % 2 == 0 ? "No space left on device" : "Input/output error");
        }
      });
      Map<Long, String> acknowledged = new HashMap<>();
      for (int i = 0; i < 30; i++) {
        String call = "w-" + fail + "-" + i;
        if (append(log, call).answer() instanceof Receipt(long index)) {
          acknowledged.put(index, call);
        }
      }
      log.close();
      failed += count.get() > which ? 1 : 0;
      disk.fault(what -> {});
      AuditLog.open(options()).close();
      assertThat(AuditVerifier.verify(disk.source(), null).problems())
          .as("operation %s", fail)
          .isEmpty();
      List<LogEntry> entries = entries();
      acknowledged.forEach((index, call) ->
          assertThat(entries.get(index.intValue()).leaf().text("call"))
              .as("operation %s, record %s", which, index)
              .contains(call));
      kept += acknowledged.size();
      if (fail >= MOST_FAULTS || count.get() <= which) {
        break;
      }
    }
    System.out.printf(
        "faults (%s): %d operations failed, %d acknowledged records, 0 lost%n",
        once ? "once" : "until mended", failed, kept);
    assertThat(failed).isGreaterThan(20);
  }

  @Test
  void publisherThatCannotWriteStopsTheLogToo() throws Exception {
    AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofMillis(5)));
    disk.fault(what -> {
      if (what.contains("signed")) {
        throw new IOException("Input/output error");
      }
    });
    Listening told = append(log, "c");
    for (int i = 0; told.answer() instanceof Receipt; i++) {
      told = append(log, "c-" + i);
    }
    assertThat(told.refusal().detail()).contains("cannot publish").contains("Input/output error");
    log.close();
  }

  @Test
  void fullSegmentsArePublishedBeforeTheIntervalIsOver() throws Exception {
    try (AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofHours(1)))) {
      long opened = log.health().checkpointSize();
      for (int i = 0; log.health().checkpointSize() == opened; i++) {
        assertThat(append(log, "c-" + i).index()).isPositive();
        assertThat(i).as("records, of which 60 MB are not published").isLessThan(50_000);
      }
    }
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void fullDiskRefusesCallsAndNewSpaceBringsThemBackWithoutARestart() throws Exception {
    AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofMillis(10)));
    AtomicBoolean full = new AtomicBoolean(true);
    disk.fault(what -> {
      if (full.get() && what.startsWith("write") && what.endsWith(".seg.tmp")) {
        throw new IOException("No space left on device");
      }
    });
    int taken = 0;
    Listening told = append(log, "c");
    while (told.answer() instanceof Receipt) {
      told = append(log, "c-" + taken++);
    }
    assertThat(told.refusal().reason()).isEqualTo(Reason.STALLED);
    assertThat(told.refusal().retryable()).isTrue();
    assertThat(log.health().state()).isEqualTo(Health.State.DEGRADED);
    full.set(false);
    told = append(log, "again");
    while (!(told.answer() instanceof Receipt)) {
      Thread.onSpinWait();
      told = append(log, "again");
    }
    log.close();
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
    assertThat(kinds()).contains("gap");
  }

  @Test
  void diskThatDoesNotAnswerRefusesInsteadOfHanging() throws Exception {
    AuditLog log = AuditLog.open(options().withStallLimit(Duration.ofMillis(30)));
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    disk.fault(what -> {
      if (what.startsWith("fdatasync 0")) {
        hanging.countDown();
        await(release);
      }
    });
    Listening first = append(log, "first");
    await(hanging);
    Listening queued = append(log, "queued");
    assertThat(queued.refusal().reason()).isEqualTo(Reason.STALLED);
    assertThat(refusedAtOnce(log, "later").reason()).isEqualTo(Reason.STALLED);
    assertThat(first.told()).isZero();
    assertThat(log.health().state()).isEqualTo(Health.State.DEGRADED);
    disk.fault(what -> {});
    release.countDown();
    assertThat(first.index()).isEqualTo(2);
    log.close();
    assertThat(entries())
        .noneMatch(e -> e.leaf().text("call").filter("queued"::equals).isPresent());
  }

  @Test
  void fullQueueRefusesAtOnceAndEachListenerIsToldOnce() throws Exception {
    AuditLog log = AuditLog.open(options().withMaxQueued(10).withStallLimit(Duration.ofHours(1)));
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    disk.fault(what -> {
      if (what.startsWith("write 0")) {
        hanging.countDown();
        await(release);
      }
    });
    List<Listening> all = new ArrayList<>(List.of(append(log, "first")));
    await(hanging);
    for (int i = 0; i < 25; i++) {
      all.add(append(log, "c-" + i));
    }
    assertThat(all.stream().filter(l -> l.told() == 1)).hasSize(15);
    assertThat(all.getLast().refusal().reason()).isEqualTo(Reason.OVERLOADED);
    assertThat(log.health().queueDepth()).isEqualTo(10);
    disk.fault(what -> {});
    release.countDown();
    log.close();
    assertThat(all).allMatch(l -> l.told() == 1);
    assertThat(all.stream().filter(l -> l.answer() instanceof Receipt)).hasSize(11);
  }

  @Test
  void acknowledgementsOfOneCommitComeInOneTaskForEachExecutor() throws Exception {
    AuditLog log = AuditLog.open(options());
    CountDownLatch hanging = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    disk.fault(what -> {
      if (what.startsWith("write 0")) {
        hanging.countDown();
        await(release);
      }
    });
    AtomicInteger tasks = new AtomicInteger();
    Executor counting =
        task -> {
          tasks.incrementAndGet();
          task.run();
        };
    Listening first = append(log, "first");
    await(hanging);
    List<Listening> others = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      Listening told = new Listening();
      others.add(told);
      log.append(Samples.refusal("c-" + i), counting, told);
    }
    disk.fault(what -> {});
    release.countDown();
    assertThat(first.index()).isEqualTo(2);
    for (int i = 0; i < 50; i++) {
      assertThat(others.get(i).index()).isEqualTo(3 + i);
    }
    assertThat(tasks).hasValue(1);
    log.close();
  }

  @Test
  void executorThatIsShutDownAndListenerThatThrowsHarmNobody() throws Exception {
    AuditLog log = AuditLog.open(options());
    Listening told = new Listening();
    log.append(
        Samples.refusal("c-1"),
        task -> {
          throw new RejectedExecutionException("shut down");
        },
        told);
    assertThat(told.index()).isEqualTo(2);
    log.append(
        Samples.refusal("c-2"),
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            throw new IllegalStateException("listener");
          }

          @Override
          public void failed(AuditUnavailable reason) {}
        });
    assertThat(append(log, "c-3").index()).isEqualTo(4);
    log.close();
    assertThat(append(log, "c-4").refusal().reason()).isEqualTo(Reason.CLOSED);
  }

  @Test
  void manyThreadsGetDenseIndicesAndClosingLeavesNobodyWaiting() throws Exception {
    AuditLog log =
        AuditLog.open(
            options().withSegmentBytes(1 << 20).withCheckpointInterval(Duration.ofMillis(5)));
    Set<Long> indices = ConcurrentHashMap.newKeySet();
    AtomicInteger refused = new AtomicInteger();
    List<Listening> all = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int t = 0; t < 16; t++) {
        String thread = "t" + t + "-";
        threads.execute(() -> {
          for (int i = 0; i < 300; i++) {
            Listening told = append(log, thread + i);
            all.add(told);
            if (told.answer() instanceof Receipt(long index)) {
              indices.add(index);
            } else {
              refused.incrementAndGet();
            }
            if (thread.equals("t0-") && i == 250) {
              log.close();
            }
          }
        });
      }
    }
    assertThat(all).hasSize(16 * 300).allMatch(l -> l.told() == 1);
    assertThat(indices.size() + refused.get()).isEqualTo(16 * 300);
    assertThat(refused.get()).isPositive();
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
    assertThat(
            entries().stream().filter(e -> e.leaf().kind().equals("refusal")).map(LogEntry::index))
        .containsExactlyInAnyOrderElementsOf(indices);
  }

  @Test
  void segmentDeletedUnderTheLogStopsIt() throws Exception {
    AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofMillis(5)));
    assertThat(append(log, "before").index()).isEqualTo(2);
    disk.files().delete(DiskInMemory.ROOT.resolve("journal/0000000000000001.seg"));
    Listening told = append(log, "c");
    for (int i = 0; told.answer() instanceof Receipt; i++) {
      told = append(log, "c-" + i);
    }
    assertThat(told.refusal().detail()).contains("0000000000000001.seg").contains("deleted");
    log.close();
  }

  @Test
  void heartbeatsClockJumpsAndTheStopAreRecordedAndAddUp() throws Exception {
    AtomicReference<Instant> now = new AtomicReference<>(Samples.NOON);
    try (AuditLog log =
        AuditLog.open(options().withClock(now::get).withHeartbeatInterval(Duration.ofNanos(1)))) {
      append(log, "c-1").answer();
      now.set(Samples.NOON.minusSeconds(3_600));
      append(log, "c-2").answer();
      append(log, "c-3").answer();
    }
    assertThat(kinds()).contains("genesis", "start", "heartbeat", "clock", "stop");
    assertThat(
            entries().stream()
                .filter(e -> e.leaf().text("ev").filter("clock"::equals).isPresent())
                .findFirst())
        .hasValueSatisfying(
            e -> assertThat(e.leaf().text("f.jump_ns").orElseThrow()).startsWith("-3600"));
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void clockMaySayAnythingAndOrderStays() throws Exception {
    List<Instant> told =
        List.of(
            Samples.NOON.plusSeconds(3_600),
            Samples.NOON.minusSeconds(3_600),
            Instant.EPOCH,
            Samples.NOON.plusSeconds(1),
            Instant.parse("2099-12-31T23:59:59Z"),
            Samples.NOON);
    AtomicReference<Instant> now = new AtomicReference<>(Samples.NOON);
    try (AuditLog log = AuditLog.open(options().withClock(now::get))) {
      for (int i = 0; i < told.size(); i++) {
        now.set(told.get(i));
        append(log, "c-" + i).answer();
        append(log, "d-" + i).answer();
      }
    }
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
    assertThat(calls())
        .filteredOn(call -> call.startsWith("c-"))
        .containsExactly("c-0", "c-1", "c-2", "c-3", "c-4", "c-5");
    assertThat(kinds().stream().filter("clock"::equals).count()).isEqualTo(told.size());
  }

  @Test
  void keptValuesOpenTheirCommitmentsUntilTheyAreErased() throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      for (int i = 0; i < 300; i++) {
        append(log, "c-" + i).answer();
      }
    }
    for (long index : new long[] {2, 255, 256, 301}) {
      List<Opening> kept = KeptValues.of(disk.source(), entries().get((int) index).leaf());
      assertThat(kept).extracting(Opening::field).containsExactly("in.digest", "in.text");
      assertThat(new String(kept.getFirst().value(), StandardCharsets.US_ASCII))
          .isEqualTo(Samples.DIGEST);
    }
    disk.files().delete(DiskInMemory.ROOT.resolve("sealed/000"));
    assertThat(KeptValues.of(disk.source(), entries().get(2).leaf())).isEmpty();
    assertThat(AuditVerifier.verify(disk.source(), null).verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void asyncAcknowledgesWhatIsQueuedAndStillWritesAll() throws Exception {
    try (AuditLog log = AuditLog.open(options().withDurability(Durability.ASYNC))) {
      for (int i = 0; i < 500; i++) {
        assertThat(append(log, "c-" + i).answer()).isEqualTo(new Receipt(Receipt.UNASSIGNED));
      }
    }
    assertThat(entries()).hasSize(503);
    assertThat(AuditVerifier.verify(disk.source(), null).problems()).isEmpty();
  }

  @Test
  void oneProcessAtATime() throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      assertThat(log.health().state()).isEqualTo(Health.State.OK);
      assertThatThrownBy(() -> AuditLog.open(options()))
          .isInstanceOf(AuditException.class)
          .hasMessageContaining("held by");
    }
    assertThatThrownBy(() -> AuditLog.open(options().withOrigin("example.com/other")))
        .isInstanceOf(AuditException.class)
        .hasMessageContaining("example.com/fault");
    AuditLog.open(options().withOrigin(null)).close();
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("nothing came within 20 s");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
