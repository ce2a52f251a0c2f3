package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoObject;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers of `http.send` that outlive one evaluation. Bounded; the one kept longest goes first.
final class HttpCache {
  private static final int MAX_ENTRIES = 100;
  private static final long NANOS = 1_000_000_000L;

  private record Kept(RegoObject answer, long until) {}

  private final Map<RegoObject, Kept> kept = new LinkedHashMap<>();

  synchronized @Nullable RegoObject get(RegoObject request, long now) {
    Kept found = kept.get(request);
    if (found != null && now >= found.until) {
      kept.remove(request);
      return null;
    }
    return found == null ? null : found.answer;
  }

  synchronized void put(RegoObject request, RegoObject answer, long now, long seconds) {
    if (seconds <= 0) {
      return;
    }
    if (kept.size() >= MAX_ENTRIES) {
      kept.remove(kept.keySet().iterator().next());
    }
    kept.put(request, new Kept(answer, now + Math.min(seconds, 86_400) * NANOS));
  }
}
