package io.outrider.review.index;

import java.time.Instant;
import java.util.Map;

/// How many calls of each verdict, and how many events, fall into a span of time.
///
/// @param from inclusive
/// @param until exclusive
/// @param counts by verdict, in order of the slug; events as `event`
public record Bucket(Instant from, Instant until, Map<String, Long> counts) {

  /// Calls and events together.
  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
