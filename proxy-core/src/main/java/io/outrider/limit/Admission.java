package io.outrider.limit;

import java.time.Duration;

/// The one answer to an [Limiter#acquire].
public sealed interface Admission {

  /// How long the call waited for this answer, in nanoseconds; 0 when it was given at once.
  long waitedNanos();

  /// The call may go ahead. Whoever receives this must end the ticket, exactly when nothing of the
  /// call is under way any more.
  record Granted(Ticket ticket, long waitedNanos) implements Admission {}

  /// The call may not go ahead, and nothing is held for it.
  ///
  /// @param kind the limit that was in the way
  /// @param key whose limit: the upstream, `upstream/tool`, principal or policy key. For
  ///   [LimitKind#QUEUE] what the call would have had to wait for
  /// @param limit the number that was in force
  /// @param retryAfter an estimate of when it is worth trying again, in whole seconds, at least one
  record Over(LimitKind kind, String key, long limit, Duration retryAfter, long waitedNanos)
      implements Admission {

    /// The rate or cap in words, such as `tool files/read: 16`.
    public String describe() {
      return kind.slug() + " " + key + ": " + limit;
    }
  }

  /// The call was called off while it waited, and nothing is held for it.
  record Abandoned(long waitedNanos) implements Admission {}
}
