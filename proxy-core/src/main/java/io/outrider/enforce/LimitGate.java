package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.limit.Admission;
import io.outrider.limit.Cancellable;
import io.outrider.limit.LimitKeys;
import io.outrider.limit.Limiter;
import io.outrider.limit.Ticket;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Holds a place for each call that does work, or says when to come again.
public final class LimitGate {

  private final Limiter limiter;

  public LimitGate(Limiter limiter) {
    this.limiter = limiter;
  }

  /// What became of a call at this gate.
  sealed interface Entry {
    /// @param ticket null for a call that needs no place
    record In(@Nullable Ticket ticket, long waitedNanos) implements Entry {}

    record Over(Refusal.OverLimit refusal) implements Entry {}

    /// Called off while it waited.
    record Abandoned() implements Entry {}
  }

  Cancellable enter(Call call, Duties duties, Executor loop, Consumer<Entry> then) {
    if (!CallPipeline.countsTowardsLimits(call.method())) {
      then.accept(new Entry.In(null, 0));
      return () -> false;
    }
    LimitKeys keys =
        new LimitKeys(
            call.upstream(), PolicyGate.toolName(call), call.principal().id(), duties.limits());
    return limiter.acquire(
        keys,
        loop,
        admission ->
            then.accept(
                switch (admission) {
                  case Admission.Granted(Ticket ticket, long waited) ->
                      new Entry.In(ticket, waited);
                  case Admission.Over over ->
                      new Entry.Over(
                          new Refusal.OverLimit(
                              over.kind().slug(), over.retryAfter(), over.describe()));
                  case Admission.Abandoned _ -> new Entry.Abandoned();
                }));
  }
}
