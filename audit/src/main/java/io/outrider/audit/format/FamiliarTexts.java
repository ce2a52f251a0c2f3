package io.outrider.audit.format;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Remembers how texts stand in a leaf, quoted and escaped, that come again with nearly every
/// record: digests, names of rules, sessions, principals. Whatever the texts are, memory is
/// bounded; those that never come again only cost the look. Not thread-safe.
final class FamiliarTexts {

  private static final int SLOTS = 256;

  /// Longer ones are not worth their place.
  private static final int MAX_BYTES = 128;

  private final @Nullable String[] texts = new @Nullable String[SLOTS];
  private final byte[][] quoted = new byte[SLOTS][];

  /// The quoted form, or null if it is not remembered.
  byte @Nullable [] find(String text) {
    int slot = slot(text);
    String there = texts[slot];
    return there != null && there.equals(text) ? quoted[slot] : null;
  }

  void remember(String text, byte[] source, int from, int to) {
    if (to - from <= MAX_BYTES) {
      int slot = slot(text);
      texts[slot] = text;
      quoted[slot] = Arrays.copyOfRange(source, from, to);
    }
  }

  private static int slot(String text) {
    int hash = text.hashCode();
    return (hash ^ hash >>> 16) & (SLOTS - 1);
  }
}
