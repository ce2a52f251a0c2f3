package io.outrider.policy.value;

/// A string. Strings are ordered by the bytes of their UTF-8 form, which is code point order and
/// not Java's own order of UTF-16 units.
public final class RegoString implements RegoValue {
  /// The empty string.
  public static final RegoString EMPTY = new RegoString("");

  private final String value;

  private RegoString(String value) {
    this.value = value;
  }

  public static RegoString of(String value) {
    return value.isEmpty() ? EMPTY : new RegoString(value);
  }

  /// The text, unquoted.
  public String value() {
    return value;
  }

  @Override
  public RegoType type() {
    return RegoType.STRING;
  }

  @Override
  public int compareTo(RegoValue other) {
    return other instanceof RegoString s
        ? compareCodePoints(value, s.value)
        : RegoType.STRING.compareTo(other.type());
  }

  /// Compares two strings by code point, as a comparison of their UTF-8 bytes would.
  public static int compareCodePoints(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        return Character.compare(codePointRank(x), codePointRank(y));
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  // Surrogates stand for code points above U+FFFF, so they must sort after U+E000..U+FFFF.
  private static char codePointRank(char unit) {
    if (unit < Character.MIN_SURROGATE) {
      return unit;
    }
    return (char) (unit <= Character.MAX_SURROGATE ? unit + 0x2000 : unit - 0x800);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RegoString s && value.equals(s.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /// The string as a quoted Rego literal.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(value.length() + 2);
    RegoText.quote(value, out);
    return out.toString();
  }
}
