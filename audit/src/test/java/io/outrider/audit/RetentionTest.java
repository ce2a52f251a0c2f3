package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.format.InboxNote;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.store.LogStore;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
  private static final Duration KEEP = Duration.ofDays(30);

  private final DiskInMemory disk = new DiskInMemory();
  private Instant now = Samples.NOON;
  private long nanos = 1;
  private long unsent = Long.MAX_VALUE;

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/retention")
        .withSegmentBytes(1 << 18)
        .withClock(() -> now)
        .withFiles(disk.files());
  }

  private void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  /// Records written now.
  private void append(LogStore store, int records) throws Exception {
    for (int i = 0; i < records; i++) {
      Refusal sample = Samples.refusal("c-" + i);
      write(store, new Event(Event.Kind.ALARM, now, Map.of("call", sample.call().callId())));
    }
    store.publish();
  }

  private static void write(LogStore store, AuditRecord record) throws Exception {
    store.add(record);
    store.write();
    store.sync();
  }

  private static Custodian custodian(LogStore store, AuditOptions options) {
    return new Custodian(
        store,
        options.clock(),
        (event, listener) -> {
          long index = store.nextIndex();
          try {
            write(store, event);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          listener.durable(new Receipt(index));
        },
        () -> {});
  }

  private Verification verify() {
    return AuditVerifier.verify(disk.source(), null);
  }

  /// What the publishing side does once a second.
  private static void tick(LogStore store, Retention retention, Custodian custodian)
      throws Exception {
    for (int i = 0; i < 3; i++) {
      retention.look();
      custodian.look();
      store.publish();
    }
  }

  @Test
  void recordsGoWhenAllOfTheirBundleAreOldEnoughAndNotBefore() throws Exception {
    try (LogStore store = LogStore.open(options().store(() -> nanos))) {
      Retention retention =
          new Retention(store, KEEP, () -> unsent, options().clock(), () -> nanos);
      Custodian custodian = custodian(store, options());
      append(store, 300);
      pass(Duration.ofDays(10));
      append(store, 700);
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isZero();

      pass(KEEP.minusDays(9));
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isEqualTo(256);

      pass(Duration.ofDays(10));
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isEqualTo(768);
      assertThat(verify().problems()).isEmpty();
    }
  }

  @Test
  void whatAReceiverStillLacksStays() throws Exception {
    try (LogStore store = LogStore.open(options().store(() -> nanos))) {
      Retention retention =
          new Retention(store, KEEP, () -> unsent, options().clock(), () -> nanos);
      Custodian custodian = custodian(store, options());
      append(store, 1_000);
      pass(KEEP.plusDays(1));
      unsent = 300;
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isEqualTo(256);

      unsent = 1_000;
      pass(Duration.ofDays(1));
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isEqualTo(768);
    }
  }

  @Test
  void itLooksOnceADay() throws Exception {
    try (LogStore store = LogStore.open(options().store(() -> nanos))) {
      append(store, 600);
      pass(Duration.ofHours(12));
      Retention retention =
          new Retention(store, Duration.ofDays(1), () -> unsent, options().clock(), () -> nanos);
      Custodian custodian = custodian(store, options());
      tick(store, retention, custodian);
      pass(Duration.ofHours(13));
      tick(store, retention, custodian);
      assertThat(verify().pruned()).as("old enough, but not looked for yet").isZero();
      pass(Duration.ofHours(11));
      tick(store, retention, custodian);
      assertThat(verify().pruned()).isEqualTo(512);
    }
  }

  @Test
  void aHoldStopsItAndSoDoesAClockThatJumps() throws Exception {
    try (LogStore store = LogStore.open(options().store(() -> nanos))) {
      append(store, 900);
      Custodian custodian = custodian(store, options());
      store
          .notes()
          .leave(
              new InboxNote(
                  "000000000001-0000000000000001",
                  new Event(Event.Kind.HOLD, now, Map.of("from", "300", "to", "301"))));
      custodian.look();
      pass(KEEP.plusDays(1));

      Retention jumped = new Retention(store, KEEP, () -> unsent, options().clock(), () -> nanos);
      now = now.plus(Duration.ofDays(4_000));
      tick(store, jumped, custodian);
      assertThat(verify().pruned()).isZero();
      now = now.minus(Duration.ofDays(4_000));

      tick(
          store,
          new Retention(store, KEEP, () -> unsent, options().clock(), () -> nanos),
          custodian);
      assertThat(verify().pruned()).isEqualTo(256);
      assertThat(verify().problems()).isEmpty();
    }
  }

  @Test
  void lessThanADayIsTakenForAMistake() {
    assertThatThrownBy(() -> options().withRetention(Duration.ofMinutes(400)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT24H");
  }
}
