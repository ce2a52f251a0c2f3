package io.outrider.audit;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How the log is, at one moment.
///
/// @param reason why it is degraded; null when it is fine
/// @param durableSize records on disk
/// @param checkpointSize records covered by the last signed checkpoint
/// @param checkpointTime when that checkpoint was signed; null before the first
/// @param queueDepth records waiting for the writer
/// @param refused appends refused since the start
public record Health(
    State state,
    @Nullable String reason,
    long durableSize,
    long checkpointSize,
    @Nullable Instant checkpointTime,
    int queueDepth,
    long refused) {

  /// Whether appends can succeed, and whether somebody should look.
  public enum State {
    OK,
    /// Appends still succeed, but something needs a person soon.
    DEGRADED,
    /// Every append is refused.
    FAILED
  }

  public Health {
    Objects.requireNonNull(state, "state");
    if ((state == State.OK) != (reason == null)) {
      throw new IllegalArgumentException(
          "reason: " + reason + " (expected: null exactly when the state is OK)");
    }
  }
}
