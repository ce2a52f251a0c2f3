package io.outrider.redaction.match;

import java.util.List;

/// An immutable set of bytes.
public final class ByteSet {
  /// No byte.
  public static final ByteSet NONE = new ByteSet(new long[4]);

  private final long[] bits;

  private ByteSet(long[] bits) {
    this.bits = bits;
  }

  /// Every byte that a match of these parts can hold.
  static ByteSet of(List<Node> parts) {
    long[] bits = new long[4];
    parts.forEach(part -> add(part, bits));
    return new ByteSet(bits);
  }

  /// Every byte that a match of these parts can begin with.
  static ByteSet first(List<Node> parts) {
    long[] bits = new long[4];
    addFirst(parts, bits);
    return new ByteSet(bits);
  }

  private static void addFirst(List<Node> parts, long[] bits) {
    for (Node part : parts) {
      addFirst(part, bits);
      if (part.minBytes() > 0) {
        return;
      }
    }
  }

  private static void addFirst(Node node, long[] bits) {
    switch (node) {
      case Node.Cat c -> addFirst(c.parts(), bits);
      case Node.Group g -> addFirst(g.body(), bits);
      case Node.Repeat r -> addFirst(r.body(), bits);
      case Node.Alt a -> a.branches().forEach(branch -> addFirst(branch, bits));
      case Node.Chars c -> add(c, bits);
      case Node.Empty e -> {}
      case Node.Assert a -> {}
    }
  }

  private static void add(Node node, long[] bits) {
    switch (node) {
      case Node.Empty e -> {}
      case Node.Assert a -> {}
      case Node.Group g -> add(g.body(), bits);
      case Node.Repeat r -> add(r.body(), bits);
      case Node.Cat c -> c.parts().forEach(part -> add(part, bits));
      case Node.Alt a -> a.branches().forEach(branch -> add(branch, bits));
      case Node.Chars c -> {
        int[] ranges = c.set().ranges();
        for (int i = 0; i < ranges.length; i += 2) {
          for (int b = ranges[i]; b <= Math.min(ranges[i + 1], 0x7f); b++) {
            bits[b >>> 6] |= 1L << b;
          }
          if (ranges[i + 1] > 0x7f) {
            bits[2] = -1;
            bits[3] = -1;
          }
        }
      }
    }
  }

  /// Whether a byte is in the set.
  public boolean has(byte b) {
    return (bits[(b & 0xff) >>> 6] >>> b & 1) != 0;
  }
}
