package io.outrider.redaction.check;

/// Shannon entropy.
public final class Entropy {
  private static final double LOG2 = Math.log(2);

  private Entropy() {}

  /// Bits per byte of the bytes in `[start, stop)`.
  public static double of(byte[] text, int start, int stop) {
    int n = stop - start;
    if (n <= 1) {
      return 0;
    }
    int[] counts = new int[256];
    for (int i = start; i < stop; i++) {
      counts[text[i] & 0xff]++;
    }
    double sum = 0;
    for (int count : counts) {
      if (count > 1) {
        sum += count * Math.log(count);
      }
    }
    return (Math.log(n) - sum / n) / LOG2;
  }
}
