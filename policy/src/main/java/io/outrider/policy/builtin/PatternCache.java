package io.outrider.policy.builtin;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/// Compiled regular expressions and globs, shared by evaluations and safe for threads.
///
/// Two generations bound it: when the young one is full it becomes the old one and what was old is
/// dropped, unless it was used in between. Patterns that come from call arguments thus cannot push
/// out the ones a policy uses all the time.
public final class PatternCache {
  /// Entries per generation; OPA keeps 100, policies with a glob per tool need more.
  private static final int GENERATION = 512;

  private volatile Map<Object, Object> young = new ConcurrentHashMap<>();
  private volatile Map<Object, Object> old = new ConcurrentHashMap<>();

  /// The compiled form of a pattern, made when it is not known. What `make` throws passes through
  /// and is not kept.
  @SuppressWarnings("unchecked") // Each key class is used with one value class only.
  <K, V> V get(K key, Function<K, V> make) {
    Object known = young.get(key);
    if (known == null) {
      known = old.get(key);
      if (known == null) {
        known = make.apply(key);
      }
      keep(key, known);
    }
    return (V) known;
  }

  private void keep(Object key, Object value) {
    if (young.size() >= GENERATION) {
      synchronized (this) {
        if (young.size() >= GENERATION) {
          old = young;
          young = new ConcurrentHashMap<>();
        }
      }
    }
    young.put(key, value);
  }
}
