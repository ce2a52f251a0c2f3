package io.outrider.redaction.scan;

import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.json.NotJsonException;
import io.outrider.redaction.json.Tape;
import io.outrider.redaction.match.Runs;
import java.util.Arrays;

/// Looks into what was encoded: base 64 (both alphabets, wrapped or not), hexadecimal, and text
/// with percent signs. What is decoded is searched like a message of its own, to a bounded depth.
///
/// A find in base 64 or hexadecimal stands for the whole encoded run, because part of a run cannot
/// be replaced by a mask; one in percent encoding stands for the characters it was written with.
/// Each level is at most as long as the one above, so the work stays linear. Not thread-safe.
final class Encoded {
  /// A shorter run holds fewer than 18 bytes: too few for a secret that is known by its shape.
  static final int MIN_RUN = 24;

  private static final int MIN_HEX = 32;

  /// From this length on, a line may be one of several that an encoder has wrapped.
  private static final int WRAPPED_LINE = 60;

  /// Bytes whose look decides whether a run is text. All must be characters that text has, and most
  /// of them ASCII; one random run in a few hundred passes, and is then searched for nothing.
  private static final int PROBE = 9;

  private static final int PROBE_RUN = PROBE / 3 * 4;

  /// The value of each character in base 64, -1 for all others.
  private static final byte[] SEXTETS = new byte[256];

  private static final byte[] NIBBLES = new byte[256];

  static {
    Arrays.fill(SEXTETS, (byte) -1);
    Arrays.fill(NIBBLES, (byte) -1);
    for (int i = 0; i < 26; i++) {
      SEXTETS['A' + i] = (byte) i;
      SEXTETS['a' + i] = (byte) (26 + i);
    }
    for (int i = 0; i < 10; i++) {
      SEXTETS['0' + i] = (byte) (52 + i);
      NIBBLES['0' + i] = (byte) i;
    }
    for (int i = 0; i < 6; i++) {
      NIBBLES['A' + i] = (byte) (10 + i);
      NIBBLES['a' + i] = (byte) (10 + i);
    }
    SEXTETS['+'] = 62;
    SEXTETS['-'] = 62;
    SEXTETS['/'] = 63;
    SEXTETS['_'] = 63;
  }

  private final Search search;
  private final JsonText text = new JsonText();
  private final Matches found = new Matches();
  private byte[] bytes = new byte[256];
  private int length;

  /// Whether the last run was text.
  private boolean decoded;

  private int begin;

  /// For percent encoding: where in the outer text each decoded byte begins.
  private int[] places = new int[257];

  /// @param depth how many encodings there are around what is decoded here
  Encoded(int depth) {
    search = new Search(depth);
  }

  /// Looks into all runs of base 64 and hexadecimal in `[from, to)`.
  ///
  /// @param openEnded whether more text may come
  /// @param continues whether what is before the range was looked at before
  /// @return the place from which on more text could make a difference
  int runs(
      Engine engine,
      JsonText outer,
      int from,
      int to,
      boolean openEnded,
      boolean continues,
      Matches out)
      throws TooMuchWorkException {
    byte[] t = outer.text();
    int i = from;
    if (continues && i > 0 && SEXTETS[t[i - 1] & 0xff] >= 0) {
      // The rest of a run that was not text.
      i = end(t, i, to);
    }
    while (i + MIN_RUN <= to) {
      // From the far end of the shortest run back: on prose this skips most bytes.
      int k = i + MIN_RUN - 1;
      while (k >= i && SEXTETS[t[k] & 0xff] >= 0) {
        k--;
      }
      if (k >= i) {
        i = k + 1;
        continue;
      }
      int size = out.size();
      int start = i;
      i = run(engine, outer, i, to, out) + 1;
      if (openEnded && decoded && i > to - 2) {
        out.truncate(size);
        return start;
      }
    }
    int open = to;
    while (open > i && SEXTETS[t[open - 1] & 0xff] >= 0) {
      open--;
    }
    return open == to || mayBeHex(t, open, to) || mayBe64(t, open, to) ? open : to;
  }

  /// Looks into all runs of base 64 and hexadecimal in a text that is whole: each lies in a long
  /// run.
  void runs(Engine engine, JsonText outer, Runs runs, int to, Matches out)
      throws TooMuchWorkException {
    byte[] t = outer.text();
    int at = 0;
    for (int r = 0; r < runs.size(); r++) {
      int stop = runs.stop(r);
      at = Math.max(at, runs.start(r));
      while (stop - at >= MIN_RUN) {
        int end = end(t, at, stop);
        at = end - at >= MIN_RUN ? run(engine, outer, at, to, out) + 1 : end + 1;
      }
    }
  }

  /// Whether a run can still become text in hexadecimal.
  private boolean mayBeHex(byte[] t, int start, int stop) {
    int from = t[start] == '0' && (t[start + 1] | 0x20) == 'x' ? start + 2 : start;
    int probe = Math.min(stop, from + 2 * PROBE);
    length = 0;
    for (int i = from; i < probe; i++) {
      int nibble = NIBBLES[t[i] & 0xff];
      if (nibble < 0) {
        return false;
      }
      bytes[length] = (byte) (bytes[length] << 4 | nibble);
      length += i - from & 1;
    }
    return looksLikeText(length);
  }

  /// Whether a run can still become text in base 64.
  private boolean mayBe64(byte[] t, int start, int stop) {
    int group = 0;
    length = 0;
    for (int i = start; i < Math.min(stop, start + PROBE_RUN); i++) {
      group = group << 6 | SEXTETS[t[i] & 0xff];
      int bits = 6 * (i - start + 1) & 7;
      if (bits < 6) {
        bytes[length++] = (byte) (group >>> bits);
      }
    }
    return looksLikeText(length);
  }

  /// Where the last text with percent signs began.
  int begin() {
    return begin;
  }

  /// Looks into one run and gives its end.
  private int run(Engine engine, JsonText outer, int start, int to, Matches out)
      throws TooMuchWorkException {
    byte[] t = outer.text();
    int stop = end(t, start, to);
    decoded = decodeHex(t, start, stop);
    if (!decoded) {
      int line = start;
      int lineEnd = stop;
      int before = stop;
      while (lineEnd - line >= WRAPPED_LINE) {
        int next = lineEnd < to && t[lineEnd] == '\r' ? lineEnd + 1 : lineEnd;
        if (next + 1 >= to || t[next] != '\n' || SEXTETS[t[next + 1] & 0xff] < 0) {
          break;
        }
        line = next + 1;
        before = lineEnd;
        lineEnd = end(t, line, to);
        stop = lineEnd;
      }
      decoded = decode64(t, start, stop);
      if (decoded && before < stop && isWord(t, line, stop, to)) {
        stop = before;
        decoded = decode64(t, start, stop);
      }
      if (!decoded) {
        return stop;
      }
      while (stop < to && t[stop] == '=') {
        stop++;
      }
    }
    look(engine);
    for (int m = 0; m < found.size(); m++) {
      add(outer.tape(), found.rule(m), start, stop, out);
    }
    found.clear();
    return stop;
  }

  /// Whether the last of several lines, just decoded, is a word of the text that follows a run and
  /// not its end.
  private boolean isWord(byte[] t, int start, int stop, int to) {
    int chars = stop - start;
    if (chars >= WRAPPED_LINE || (stop < to && t[stop] == '=')) {
      return false;
    }
    for (int i = Math.max(0, length - chars * 6 / 8); i < length; i++) {
      byte b = bytes[i];
      boolean control = b >= 0 && b < ' ' && b != '\n' && b != '\t' && b != '\r';
      if (control || b == 0x7f || (b < 0 && chars < SHORT_LINE)) {
        return true;
      }
    }
    return false;
  }

  /// A word of fewer letters than this is taken for one even if it could be text beyond ASCII.
  private static final int SHORT_LINE = 8;

  private static int end(byte[] t, int start, int to) {
    int stop = start;
    while (stop < to && SEXTETS[t[stop] & 0xff] >= 0) {
      stop++;
    }
    return stop;
  }

  /// Looks into the text with percent signs around one of them, and gives its end.
  int percent(Engine engine, JsonText outer, int sign, int from, int to, Matches out)
      throws TooMuchWorkException {
    byte[] t = outer.text();
    if (t[sign] != '%') {
      return sign;
    }
    int start = sign;
    while (start > from && isWritten(t[start - 1])) {
      start--;
    }
    begin = start;
    room(Math.min(to - start, 4096));
    int i = start;
    length = 0;
    while (i < to && isWritten(t[i])) {
      room(length + 1);
      if (places.length < bytes.length + 1) {
        places = Arrays.copyOf(places, bytes.length + 1);
      }
      places[length] = i;
      boolean encoded =
          t[i] == '%'
              && i + 2 < to
              && NIBBLES[t[i + 1] & 0xff] >= 0
              && NIBBLES[t[i + 2] & 0xff] >= 0;
      bytes[length++] =
          encoded ? (byte) (NIBBLES[t[i + 1] & 0xff] << 4 | NIBBLES[t[i + 2] & 0xff]) : t[i];
      i += encoded ? 3 : 1;
    }
    places[length] = i;
    look(engine);
    for (int m = 0; m < found.size(); m++) {
      int start1 = text.rawStart(found.start(m));
      int stop1 = text.rawEnd(found.stop(m));
      add(outer.tape(), found.rule(m), places[start1], places[stop1], out);
    }
    found.clear();
    return i;
  }

  /// What stands in URLs and forms, roughly: anything but white space, quotes and brackets that
  /// would be written with a percent sign.
  private static boolean isWritten(byte b) {
    return (b > ' ' || b < 0)
        && b != '"'
        && b != '\''
        && b != '<'
        && b != '>'
        && b != '`'
        && b != 0x7f;
  }

  private boolean decode64(byte[] t, int start, int stop) {
    room((stop - start) / 4 * 3 + 3);
    length = 0;
    int group = 0;
    int bits = 0;
    for (int i = start; i < stop; i++) {
      byte value = SEXTETS[t[i] & 0xff];
      if (value < 0) {
        continue;
      }
      group = group << 6 | value;
      bits += 6;
      if (bits >= 8) {
        bits -= 8;
        bytes[length++] = (byte) (group >>> bits);
        if (length == PROBE && !looksLikeText(PROBE)) {
          return false;
        }
      }
    }
    squeeze();
    return true;
  }

  private boolean decodeHex(byte[] t, int start, int stop) {
    int from = t[start] == '0' && (t[start + 1] | 0x20) == 'x' ? start + 2 : start;
    int digits = stop - from;
    if (digits < MIN_HEX || (digits & 1) != 0) {
      return false;
    }
    room(digits / 2);
    length = 0;
    for (int i = from; i < stop; i += 2) {
      int high = NIBBLES[t[i] & 0xff];
      int low = NIBBLES[t[i + 1] & 0xff];
      if (high < 0 || low < 0) {
        return false;
      }
      bytes[length++] = (byte) (high << 4 | low);
      if (length == PROBE && !looksLikeText(PROBE)) {
        return false;
      }
    }
    squeeze();
    return true;
  }

  /// Whether the first bytes are such as text has; of fewer than [#PROBE], whether they may be.
  private boolean looksLikeText(int count) {
    int beyond = 0;
    int zeros = 0;
    for (int i = 0; i < count; i++) {
      byte b = bytes[i];
      zeros += b == 0 && (i & 1) == 1 ? 1 : 0;
      beyond += b < 0 ? 1 : 0;
      boolean control = b >= 0 && b < ' ' && b != '\n' && b != '\t' && b != '\r';
      if (b == 0x7f || (control && (b != 0 || (i & 1) == 0))) {
        return false;
      }
    }
    return beyond <= 2 && (zeros == 0 || zeros == count / 2);
  }

  /// Takes the zeros out of text in UTF-16, which is how one shell wants its commands.
  private void squeeze() {
    if (length < 2 || bytes[1] != 0) {
      return;
    }
    int kept = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] != 0) {
        bytes[kept++] = bytes[i];
      }
    }
    length = kept;
  }

  private void room(int size) {
    if (bytes.length < size) {
      bytes = Arrays.copyOf(bytes, Math.max(size, 2 * bytes.length));
    }
  }

  /// Searches what was decoded.
  private void look(Engine engine) throws TooMuchWorkException {
    byte first = length == 0 ? 0 : bytes[0];
    boolean json = first == '{' || first == '[';
    if (json) {
      try {
        text.read(bytes, 0, length);
      } catch (NotJsonException e) {
        // It only looked like JSON: it is text.
        json = false;
      }
    }
    if (!json) {
      text.readPlain(bytes, 0, length);
    }
    search.run(engine, text, 0, text.length(), found);
  }

  private static void add(Tape tape, int rule, int start, int stop, Matches out) {
    int entry = tape.at(start);
    byte kind = tape.kind(entry);
    boolean inside = kind == Tape.STRING || kind == Tape.KEY;
    if (inside && start >= tape.start(entry) && start < tape.end(entry)) {
      out.add(rule, entry, start, Math.min(stop, tape.end(entry)));
    }
  }

  /// Gives back what one large message needed.
  void shrink() {
    if (bytes.length > 1 << 20) {
      bytes = new byte[256];
      places = new int[257];
    }
    search.shrink();
  }
}
