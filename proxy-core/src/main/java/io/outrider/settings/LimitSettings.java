package io.outrider.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How many calls may run at once, how many may wait, and how many may start.
///
/// @param perUpstream calls in flight to one upstream
/// @param perTool calls in flight to one tool of one upstream
/// @param perPrincipal calls in flight of one principal
/// @param queue calls that may wait for a place, over all of the above; 0 refuses at once
/// @param queueWait the longest a call waits before it is refused
/// @param ratePerPrincipal calls one principal may start, or null for no such limit
public record LimitSettings(
    int perUpstream,
    int perTool,
    int perPrincipal,
    int queue,
    Duration queueWait,
    @Nullable Rate ratePerPrincipal) {
  /// One server process seldom does better with more calls at once than this.
  public static final int DEFAULT_PER_UPSTREAM = 64;

  /// A quarter of an upstream: one slow tool cannot starve the others.
  public static final int DEFAULT_PER_TOOL = 16;

  /// An agent that fans out wider than this is usually in a loop.
  public static final int DEFAULT_PER_PRINCIPAL = 8;

  /// Twice an upstream: with `queueWait` it bounds what a burst costs in memory.
  public static final int DEFAULT_QUEUE = 128;

  /// Long enough to ride out a burst, short enough that a caller learns it must slow down.
  public static final Duration DEFAULT_QUEUE_WAIT = Duration.ofSeconds(2);

  public LimitSettings {
    Checks.positive("limits.concurrency.per_upstream", perUpstream);
    Checks.positive("limits.concurrency.per_tool", perTool);
    Checks.positive("limits.concurrency.per_principal", perPrincipal);
    Checks.notNegative("limits.concurrency.queue", queue);
    Checks.notNegative("limits.concurrency.queue_wait", queueWait);
  }

  /// The defaults above, without a rate limit.
  public static LimitSettings defaults() {
    return new LimitSettings(
        DEFAULT_PER_UPSTREAM,
        DEFAULT_PER_TOOL,
        DEFAULT_PER_PRINCIPAL,
        DEFAULT_QUEUE,
        DEFAULT_QUEUE_WAIT,
        null);
  }

  /// A number of calls in a span of time, such as 600 in a minute.
  public record Rate(long calls, Duration per) {
    public Rate {
      Checks.positive("rate", calls);
      Checks.positive("rate", per);
    }
  }
}
