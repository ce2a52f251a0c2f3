package io.outrider.redaction.check;

/// Tells from where on the end of a text may be personal data that go on in what comes next. What
/// stands before such data need not wait with them: whoever finds them can look back.
public final class Unended {
  /// Data that are no e-mail address are no longer than this.
  private static final int MOST = 48;

  private static final int MOST_ADDRESS = 320;
  private static final int MOST_LOCAL = 64;

  /// Capitals that a number may begin with: as many in one word, and before a space or a sign.
  private static final int MOST_CAPITALS = 6;

  private static final int MOST_CAPITALS_APART = 2;

  private static final String SIGNS = " -.:+()/";

  private Unended() {}

  /// The first place in `[from, to)` at which such data may begin; `to` when none have.
  public static int from(byte[] text, int from, int to) {
    int least = Math.max(from, to - MOST);
    int other = Math.min(number(text, least, to), network(text, least, to));
    return Math.min(mail(text, from, to), other);
  }

  /// An e-mail address: nobody knows before its sign how long its first part is.
  private static int mail(byte[] text, int from, int to) {
    int at = to;
    boolean sign = false;
    while (at > from
        && to - at < MOST_ADDRESS
        && (text[at - 1] == '@' || Detections.isLocalPart(text[at - 1]))) {
      at--;
      sign |= text[at] == '@';
    }
    return sign ? at : Math.max(at, to - MOST_LOCAL);
  }

  /// An IP address of the new kind: the others look like numbers.
  private static int network(byte[] text, int from, int to) {
    int at = to;
    boolean colon = false;
    while (at > from && isNetworkPart(text[at - 1])) {
      at--;
      colon |= text[at] == ':';
    }
    return colon ? at : to;
  }

  private static boolean isNetworkPart(byte b) {
    return Bytes.isDigit(b)
        || b == ':'
        || b == '.'
        || (b >= 'a' && b <= 'f')
        || (b >= 'A' && b <= 'F');
  }

  /// Any other number, which has no small letters: from the word with the first digit behind the
  /// last of them, or from capitals that digits may follow.
  private static int number(byte[] text, int from, int to) {
    int least = to;
    while (least > from && isPart(text[least - 1])) {
      least--;
    }
    int digit = least;
    while (digit < to && !Bytes.isDigit(text[digit])) {
      digit++;
    }
    if (digit == to) {
      return capitals(text, least, to);
    }
    int start = digit;
    while (start > least && text[start - 1] != ' ') {
      start--;
    }
    int before = start;
    while (before > least && text[before - 1] == ' ') {
      before--;
    }
    int word = before;
    while (word > least && isCapital(text[word - 1])) {
      word--;
    }
    return before - word <= MOST_CAPITALS_APART ? Math.min(word, start) : start;
  }

  private static int capitals(byte[] text, int from, int to) {
    int end = to;
    while (end > from && !isCapital(text[end - 1])) {
      end--;
    }
    int start = end;
    while (start > from && isCapital(text[start - 1])) {
      start--;
    }
    int most = end == to ? MOST_CAPITALS : MOST_CAPITALS_APART;
    int at = end - start <= most ? start : end;
    while (at < to && text[at] == ' ') {
      at++;
    }
    return at;
  }

  private static boolean isPart(byte b) {
    return Bytes.isDigit(b) || isCapital(b) || (b > 0 && SIGNS.indexOf(b) >= 0);
  }

  private static boolean isCapital(byte b) {
    return b >= 'A' && b <= 'Z';
  }
}
