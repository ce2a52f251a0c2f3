package io.outrider.limit;

import io.outrider.settings.LimitSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The limits in force: one immutable set, swapped whole by [Limiter#reconfigure].
///
/// @param perUpstream calls under way at one upstream, at least 1, or [#NO_CAP]
/// @param perTool calls under way of one tool of one upstream, at least 1, or [#NO_CAP]
/// @param perPrincipal calls under way of one principal over all upstreams, at least 1, or
///   [#NO_CAP]
/// @param queue calls that may wait, over everything; 0 refuses at once what does not fit
/// @param queueWait how long one call may wait, at most an hour; 0 refuses at once what does not
///   fit
/// @param principalRate calls of one principal per time, or null for no such limit
/// @param maxKeys different tools, principals and policy keys counted at one time, each; a call
///   that would need one more is refused. Names with nothing under way and a full bucket do not
///   count
public record LimitConfig(
    int perUpstream,
    int perTool,
    int perPrincipal,
    int queue,
    Duration queueWait,
    @Nullable Rate principalRate,
    int maxKeys) {

  /// No limit on the calls under way.
  public static final int NO_CAP = Integer.MAX_VALUE;

  /// At about 150 bytes each this is 15 MiB at worst; beyond it somebody is inventing names.
  public static final int DEFAULT_MAX_KEYS = 100_000;

  private static final Duration MAX_WAIT = Duration.ofHours(1);

  public LimitConfig {
    atLeast(1, perUpstream, "per_upstream");
    atLeast(1, perTool, "per_tool");
    atLeast(1, perPrincipal, "per_principal");
    atLeast(0, queue, "queue");
    atLeast(1, maxKeys, "max_keys");
    if (queueWait.isNegative() || queueWait.compareTo(MAX_WAIT) > 0) {
      throw new IllegalArgumentException("queue_wait: " + queueWait + " (expected: 0 to 1h)");
    }
  }

  /// The limits of a configuration.
  public static LimitConfig of(LimitSettings settings) {
    LimitSettings.Rate rate = settings.ratePerPrincipal();
    return new LimitConfig(
        settings.perUpstream(),
        settings.perTool(),
        settings.perPrincipal(),
        settings.queue(),
        settings.queueWait(),
        rate == null ? null : new Rate(rate.calls(), rate.per()),
        DEFAULT_MAX_KEYS);
  }

  /// Whether a call that does not fit at once may wait.
  boolean mayWait() {
    return queue > 0 && queueWait.isPositive();
  }

  /// The cap on calls under way that this sets for one kind of key.
  int cap(LimitKind kind) {
    return switch (kind) {
      case UPSTREAM -> perUpstream;
      case TOOL -> perTool;
      case PRINCIPAL -> perPrincipal;
      case POLICY, PRINCIPAL_RATE, POLICY_RATE, QUEUE, KEYS -> NO_CAP;
    };
  }

  private static void atLeast(int least, int value, String name) {
    if (value < least) {
      throw new IllegalArgumentException(
          name + ": " + value + " (expected: at least " + least + ")");
    }
  }
}
