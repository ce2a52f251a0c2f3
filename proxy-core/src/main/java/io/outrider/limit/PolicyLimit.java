package io.outrider.limit;

import org.jspecify.annotations.Nullable;

/// A limit that a policy put on one call, on top of the configured ones.
///
/// All calls that carry the same key are counted together, whatever their upstream, tool and
/// principal; a policy that wants less sharing says so in its key. A configured limit is never
/// widened by this: both hold, so the smaller one decides.
///
/// @param key what is counted together; not empty
/// @param concurrency calls under way, at least 1, or [LimitConfig#NO_CAP]
/// @param rate calls per time, or null for no such limit
public record PolicyLimit(String key, int concurrency, @Nullable Rate rate) {

  public PolicyLimit {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("policy limit key: empty (expected: a name)");
    }
    if (concurrency < 1) {
      throw new IllegalArgumentException(
          "policy limit concurrency: " + concurrency + " (expected: at least 1)");
    }
  }

  /// Both limits at once: the smaller of each.
  PolicyLimit and(PolicyLimit other) {
    Rate tighter = rate;
    if (tighter == null || (other.rate != null && other.rate.tighterThan(tighter))) {
      tighter = other.rate;
    }
    return new PolicyLimit(key, Math.min(concurrency, other.concurrency), tighter);
  }
}
