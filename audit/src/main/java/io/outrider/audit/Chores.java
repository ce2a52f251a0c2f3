package io.outrider.audit;

import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// What the log records of its own accord: heartbeats, gaps and jumps of the clock. Used by the
/// writer only.
final class Chores {
  /// NTP steps below this are everyday life.
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  /// A burst of refusals makes one record, not one each.
  private static final long GAP_SPACING_NANOS = Duration.ofSeconds(1).toNanos();

  private final InstantSource clock;
  private final LongSupplier nanos;
  private final long heartbeatNanos;
  private long intents;
  private long outcomes;
  private long refusals;
  private long events;
  private long nextHeartbeat;
  private long lastGap;
  private long refusedTold;
  private Instant baseWall;
  private long baseNanos;

  Chores(InstantSource clock, LongSupplier nanos, Duration heartbeat) {
    this.clock = clock;
    this.nanos = nanos;
    this.heartbeatNanos = heartbeat.toNanos();
    this.baseWall = clock.instant();
    this.baseNanos = nanos.getAsLong();
    this.nextHeartbeat = baseNanos + heartbeatNanos;
    this.lastGap = baseNanos - GAP_SPACING_NANOS;
  }

  /// Counts a record that is durable.
  void count(AuditRecord record) {
    switch (record) {
      case Intent intent -> intents++;
      case Outcome outcome -> outcomes++;
      case Refusal refusal -> refusals++;
      case Event event -> {
        events++;
        done(event);
      }
    }
  }

  /// A chore is done when its record is durable, not before: its batch may find no room.
  private void done(Event event) {
    switch (event.kind()) {
      case GAP -> {
        refusedTold += Long.parseLong(event.fields().getOrDefault("refused", "0"));
        lastGap = nanos.getAsLong();
      }
      case HEARTBEAT -> nextHeartbeat = nanos.getAsLong() + heartbeatNanos;
      case CLOCK -> {
        baseWall = event.time();
        baseNanos = nanos.getAsLong();
      }
      default -> {}
    }
  }

  /// The next thing to record, if one is due.
  ///
  /// @param refused appends refused since the start
  Optional<Event> due(long refused) {
    long now = nanos.getAsLong();
    Instant wall = clock.instant();
    Duration drift = Duration.between(baseWall, wall).minusNanos(now - baseNanos);
    if (drift.abs().compareTo(CLOCK_TOLERANCE) > 0) {
      return Optional.of(
          new Event(Event.Kind.CLOCK, wall, Map.of("jump_ns", Long.toString(drift.toNanos()))));
    }
    if (refused > refusedTold && now - lastGap >= GAP_SPACING_NANOS) {
      return Optional.of(
          new Event(Event.Kind.GAP, wall, Map.of("refused", Long.toString(refused - refusedTold))));
    }
    if (heartbeatNanos > 0 && now - nextHeartbeat >= 0) {
      return Optional.of(new Event(Event.Kind.HEARTBEAT, wall, counters(refused)));
    }
    return Optional.empty();
  }

  /// How long nothing will be due, if nothing happens.
  long idleNanos(long refused) {
    if (refused > refusedTold) {
      return GAP_SPACING_NANOS;
    }
    return heartbeatNanos == 0 ? Long.MAX_VALUE : Math.max(1, nextHeartbeat - nanos.getAsLong());
  }

  /// How many records of each kind this process has made durable, not counting the one that says
  /// so.
  Map<String, String> counters(long refused) {
    Map<String, String> counters = new TreeMap<>();
    counters.put("intents", Long.toString(intents));
    counters.put("outcomes", Long.toString(outcomes));
    counters.put("refusals", Long.toString(refusals));
    counters.put("events", Long.toString(events));
    counters.put("appends_refused", Long.toString(refused));
    return counters;
  }
}
