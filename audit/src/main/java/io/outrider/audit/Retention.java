package io.outrider.audit;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks once a day for records that are older than they need to be kept, and leaves a note to
/// prune them, as a person would. Used by the publishing side.
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  private static final Duration PERIOD = Duration.ofDays(1);

  /// Bundles looked at in one look: some tens of milliseconds.
  private static final int MAX_READ = 64;

  /// A wall clock this far from where it should be may say that everything is old.
  private static final Duration CLOCK_TOLERANCE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final LogStore store;
  private final Duration keep;
  private final LongSupplier unsent;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Instant baseWall;
  private final long baseNanos;
  private long due;
  private long next = -1;
  private boolean complained;

  Retention(
      LogStore store, Duration keep, LongSupplier unsent, InstantSource clock, LongSupplier nanos) {
    this.store = store;
    this.keep = keep;
    this.unsent = unsent;
    this.clock = clock;
    this.nanos = nanos;
    this.baseWall = clock.instant();
    this.baseNanos = nanos.getAsLong();
    this.due = baseNanos;
  }

  /// Goes on looking, if it is time. What goes wrong is tried again the next day.
  void look() {
    if (nanos.getAsLong() - due < 0) {
      return;
    }
    try {
      if (clockIsOff() || search()) {
        rest();
      }
    } catch (IOException e) {
      log.atWarn().setCause(e).log("old audit records cannot be looked for; tried again in a day");
      rest();
    }
  }

  private void rest() {
    due = nanos.getAsLong() + PERIOD.toNanos();
    next = -1;
  }

  private boolean clockIsOff() {
    Duration drift =
        Duration.between(baseWall, clock.instant()).minusNanos(nanos.getAsLong() - baseNanos);
    boolean off = drift.abs().compareTo(CLOCK_TOLERANCE) > 0;
    if (off && !complained) {
      complained = true;
      log.atWarn()
          .addKeyValue("drift", drift)
          .log("the clock jumped; no audit records are dropped for their age until a restart");
    }
    return off;
  }

  /// Looks at some bundles.
  ///
  /// @return whether it came to the first that stays
  private boolean search() throws IOException {
    Instant cutoff = clock.instant().minus(keep);
    Custody custody = store.custody();
    long first = custody.minimum() / TilePath.WIDTH;
    long end =
        Math.min(
                Math.min(store.fullSize(), unsent.getAsLong()),
                custody.holds().stream()
                    .mapToLong(Custody.Hold::first)
                    .min()
                    .orElse(Long.MAX_VALUE))
            / TilePath.WIDTH;
    long bundle = Math.max(first, next);
    long stop = Math.min(end, bundle + MAX_READ);
    while (bundle < stop && store.isOlder(bundle, cutoff)) {
      bundle++;
    }
    next = bundle;
    if (bundle == stop && stop < end) {
      return false;
    }
    if (bundle > first) {
      leave(first, bundle, cutoff);
    }
    return true;
  }

  private void leave(long first, long end, Instant cutoff) throws IOException {
    Map<String, String> facts =
        Map.of(
            CustodyEvent.MINIMUM,
            Long.toString(end * TilePath.WIDTH),
            CustodyEvent.BY,
            "outrider",
            CustodyEvent.REASON,
            "audit.retention: " + keep,
            "before",
            cutoff.toString(),
            "records",
            Long.toString((end - first) * TilePath.WIDTH));
    Instant now = clock.instant();
    store
        .notes()
        .leave(
            new InboxNote(
                InboxNote.id(now, RANDOM.nextLong()), new Event(Event.Kind.PRUNE, now, facts)));
  }
}
