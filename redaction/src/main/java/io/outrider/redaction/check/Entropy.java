package io.outrider.redaction.check;

/// Shannon entropy. Reusable, not thread-safe.
public final class Entropy {
  private static final double LOG2 = Math.log(2);

  /// `n * log(n)` of the counts that secrets have.
  private static final double[] PRODUCTS = new double[64];

  static {
    for (int n = 2; n < PRODUCTS.length; n++) {
      PRODUCTS[n] = n * Math.log(n);
    }
  }

  private final int[] counts = new int[256];

  /// Bits per byte of the bytes in `[start, stop)`.
  public double of(byte[] text, int start, int stop) {
    int n = stop - start;
    if (n <= 1) {
      return 0;
    }
    for (int i = start; i < stop; i++) {
      counts[text[i] & 0xff]++;
    }
    double sum = 0;
    for (int i = start; i < stop; i++) {
      int count = counts[text[i] & 0xff];
      if (count != 0) {
        sum += count < PRODUCTS.length ? PRODUCTS[count] : count * Math.log(count);
        counts[text[i] & 0xff] = 0;
      }
    }
    return (Math.log(n) - sum / n) / LOG2;
  }
}
