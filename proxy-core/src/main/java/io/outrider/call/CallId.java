package io.outrider.call;

import java.util.concurrent.ThreadLocalRandom;

/// The name of one call in the audit log, in answers and in logs: 26 characters of Crockford
/// Base32, 48 bits of time and 80 random bits (the ULID layout), so that ids sort by time. Not a
/// secret.
public record CallId(String text) {

  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

  /// @param epochMillis the time the call came in
  public static CallId at(long epochMillis) {
    char[] text = new char[26];
    long time = epochMillis;
    for (int i = 9; i >= 0; i--) {
      text[i] = DIGITS[(int) (time & 31)];
      time >>>= 5;
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    spread(random.nextLong(), text, 10);
    spread(random.nextLong(), text, 18);
    return new CallId(new String(text));
  }

  /// Forty random bits as eight digits.
  private static void spread(long bits, char[] text, int from) {
    for (int i = 0; i < 8; i++) {
      text[from + i] = DIGITS[(int) (bits & 31)];
      bits >>>= 5;
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
