package io.outrider.review.index;

/// How often numbers of which size came, in steps of less than two percent. Bounded, whatever
/// comes. Not thread-safe.
public final class Distribution {
  /// Steps between a power of two and the next.
  private static final int STEP_BITS = 6;

  private static final int STEPS = 1 << STEP_BITS;

  private final long[] counts = new long[(Long.SIZE - STEP_BITS) * STEPS];
  private long count;
  private long largest;

  void add(long value) {
    long number = Math.max(0, value);
    counts[slot(number)]++;
    count++;
    largest = Math.max(largest, number);
  }

  private static int slot(long number) {
    if (number < STEPS) {
      return (int) number;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(number) - STEP_BITS;
    return (shift + 1) * STEPS + (int) (number >>> shift) - STEPS;
  }

  /// The largest number in a slot.
  private static long upper(int slot) {
    if (slot < STEPS) {
      return slot;
    }
    int shift = slot / STEPS - 1;
    return ((slot % STEPS + STEPS + 1L) << shift) - 1;
  }

  /// How many numbers there were.
  public long count() {
    return count;
  }

  public long largest() {
    return largest;
  }

  /// The number that so much of all numbers do not exceed; less than two percent too large at most.
  ///
  /// @param share such as 0.99
  public long percentile(double share) {
    long wanted = (long) Math.ceil(share * count);
    long seen = 0;
    for (int slot = 0; slot < counts.length; slot++) {
      seen += counts[slot];
      if (seen >= wanted && seen > 0) {
        return Math.min(largest, upper(slot));
      }
    }
    return largest;
  }
}
