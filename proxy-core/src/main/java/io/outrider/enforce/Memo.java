package io.outrider.enforce;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Remembers what was made of values that come again and again. Bounded: a new value may push an
/// old one out, so whoever sends ever new ones only makes it useless. Thread-safe; two threads may
/// make the same thing at the same moment.
final class Memo<K, V> {

  private static final int SLOTS = 256;

  private record Entry<K, V>(K key, V value) {}

  // Plain reads and writes: an entry is immutable, and a stale one only costs making it again.
  @SuppressWarnings({"unchecked", "rawtypes"})
  private final @Nullable Entry<K, V>[] slots = new Entry[SLOTS];

  V get(K key, Function<? super K, ? extends V> make) {
    int hash = key.hashCode();
    int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    Entry<K, V> known = slots[slot];
    if (known != null && known.key.equals(key)) {
      return known.value;
    }
    V made = make.apply(key);
    slots[slot] = new Entry<>(key, made);
    return made;
  }
}
