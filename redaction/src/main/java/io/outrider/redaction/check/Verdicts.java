package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What stands behind the word "pass" where it means that a test did, or one time of several.
final class Verdicts {

  private Verdicts() {}

  /// `3.4GB`, `12ms`, `99.5%`, `15/15`
  private static final Pattern MEASURE =
      Pattern.compile("[0-9]+(?:[.,/][0-9]+)*(?:%|x|[nmu]?s|min|[KMGkmg]i?B)?");

  /// The name of a test or of its file: words with digits that signs join, or what begins with the
  /// word test.
  private static final Pattern TEST =
      Pattern.compile("(?i:te?st)[\\w./:=-]*|[\\w./:=-]*/[\\w./:=-]*");

  private static final Pattern JOINED = Pattern.compile("[\\w:=]+(?:[.-][\\w:=]+)+|[a-z]+_\\w+");

  static boolean is(byte[] text, int begin, int end, int start, int stop) {
    int at = start;
    while (at > begin && (text[at - 1] == ' ' || text[at - 1] == '\t')) {
      at--;
    }
    if (at == start || at - begin < 5 || text[at - 1] != ':') {
      return false;
    }
    int word = at - 5;
    if ((text[word] | 0x20) != 'p'
        || (text[word + 1] | 0x20) != 'a'
        || (text[word + 2] | 0x20) != 's'
        || (text[word + 3] | 0x20) != 's'
        || (word > begin && Bytes.isToken(text[word - 1]) && text[word - 1] != '-')) {
      return false;
    }
    String value = new String(text, start, stop - start, StandardCharsets.ISO_8859_1);
    if (MEASURE.matcher(value).matches()) {
      return true;
    }
    if (text[word + 1] != 'A') {
      return false;
    }
    boolean dashes =
        word - begin >= 4
            && text[word - 1] == ' '
            && text[word - 2] == '-'
            && text[word - 3] == '-'
            && text[word - 4] == '-';
    return dashes
        || TEST.matcher(value).matches()
        || (stop + 1 < end && text[stop] == ' ' && text[stop + 1] == '(')
        || (JOINED.matcher(value).matches()
            && !LooseChecks.isStarkPassword(text, begin, end, start, stop));
  }
}
