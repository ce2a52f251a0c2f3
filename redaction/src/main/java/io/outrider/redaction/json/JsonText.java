package io.outrider.redaction.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// One JSON text, decoded for searching. Reusable, and not thread-safe.
///
/// The decoded text is the JSON with white space between values left out, escapes in strings
/// resolved, and a string that itself holds JSON (such as the text mirror of a structured result)
/// opened in the same way, to a depth of [#MAX_NESTING]. [#tape()] says what lies where, and
/// [#rawStart] and [#rawEnd] lead back to the bytes that came in.
public final class JsonText {
  /// Strings in strings in strings: deeper ones stay text.
  public static final int MAX_NESTING = 3;

  /// Deeper containers than this are refused, as every JSON library does somewhere near.
  public static final int MAX_DEPTH = 1_000;

  /// Bytes that the array of the text has more than it will ever hold, so that it can be read and
  /// written by words.
  public static final int SLACK = 16;

  private static final int KEEP_BYTES = 1 << 20;
  private static final int UNMAPPED = -1;
  private static final byte[] NOTHING = {};

  /// What a short escape stands for, by its letter; 0 where there is none.
  private static final byte[] UNESCAPED = new byte[256];

  static {
    String letters = "\"\\/bfnrt";
    String meanings = "\"\\/\b\f\n\r\t";
    for (int i = 0; i < letters.length(); i++) {
      UNESCAPED[letters.charAt(i)] = (byte) meanings.charAt(i);
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  private final Tape tape = new Tape();
  private final PositionMap map = new PositionMap();
  private final Level[] levels = new Level[MAX_NESTING + 1];
  private byte[] text = new byte[1024];
  private int length;
  private boolean plain;

  /// The message, as long as the way back to it may be asked for.
  private byte[] original = NOTHING;

  private int originalOffset;
  private int originalSize;

  /// Whether the map is there.
  private boolean mapped;

  private final WayBack wayBack = new WayBack();

  // What is being read: the message itself at level 0, a copy of a decoded string above that.
  private Level level;
  private byte[] source;
  private int from;
  private int end;
  private int nesting;

  /// How far the message is ahead of the decoded text where the map last said so.
  private int ahead;

  // The reason and the place of the first mistake.
  private String mistake = "";
  private int mistakeAt;

  /// The working memory of one level of nesting.
  private static final class Level {
    private final PositionMap map = new PositionMap();
    private byte[] bytes = new byte[0];
    private int cursor;
    private int[] open = new int[16];
  }

  public JsonText() {
    for (int i = 0; i < levels.length; i++) {
      levels[i] = new Level();
    }
    level = levels[0];
    source = text;
  }

  /// Reads one JSON text. It must be valid; escapes of lone surrogates are taken as the three bytes
  /// they would be.
  public void read(byte[] json, int offset, int size) throws NotJsonException {
    original = json;
    originalOffset = offset;
    originalSize = size;
    plain = false;
    decode(false);
  }

  /// Decodes the message.
  ///
  /// @param mapping whether to write down where each byte came from
  private void decode(boolean mapping) throws NotJsonException {
    reset(originalSize);
    mapped = mapping;
    level = levels[0];
    source = original;
    from = originalOffset;
    end = originalOffset + originalSize;
    nesting = 0;
    int at = value(-1);
    if (at >= 0) {
      at = space(at);
      if (at < end) {
        at = fail("text after the value", at);
      }
    }
    source = text;
    if (at < 0) {
      throw new NotJsonException(
          "not JSON: " + mistake + " at byte " + (mistakeAt - originalOffset));
    }
  }

  /// Makes sure that the way back is known for all of the text. Few messages need that, so the
  /// first who asks pays for a second decoding.
  private PositionMap map() {
    if (!mapped) {
      try {
        decode(true);
      } catch (NotJsonException e) {
        throw new IllegalStateException("the text was changed while it was searched", e);
      }
    }
    return map;
  }

  /// Lets go of the message. There is no way back from here on.
  public void release() {
    original = NOTHING;
    originalSize = 0;
  }

  /// Takes plain text as if it were the one string of a JSON text.
  public void readPlain(byte[] plainText, int offset, int size) {
    reset(size);
    plain = true;
    System.arraycopy(plainText, offset, text, 0, size);
    length = size;
    mapped = true;
    map.run(0, offset);
    tape.add(Tape.STRING, 0, size, -1);
  }

  private void reset(int size) {
    // What a large message needed is kept while large ones follow.
    int keep = Math.max(1 << 16, size >>> 2);
    tape.clear(keep);
    map.clear();
    map.shrinkTo(keep);
    if (text.length < size + SLACK || text.length > Math.max(KEEP_BYTES, 4 * (size + SLACK))) {
      text = new byte[Math.max(1024, size + SLACK)];
    }
    length = 0;
    ahead = UNMAPPED;
    wayBack.reset();
    for (int i = 1; i < levels.length; i++) {
      if (levels[i].bytes.length > KEEP_BYTES) {
        levels[i].bytes = new byte[0];
      }
      levels[i].map.shrinkTo(keep);
    }
  }

  /// The decoded text; only the first [#length()] bytes count.
  public byte[] text() {
    return text;
  }

  /// Bytes of decoded text.
  public int length() {
    return length;
  }

  /// What lies where.
  public Tape tape() {
    return tape;
  }

  /// Whether the whole is one plain text, not JSON.
  public boolean isPlain() {
    return plain;
  }

  /// The first byte that came in for the decoded byte at a position, widened to a whole escape.
  public int rawStart(int position) {
    int entry = walked(position);
    return entry < 0
        ? map().rawStart(position)
        : tape.kind[entry] == Tape.NUMBER
            ? tape.raw[entry] + position - tape.start[entry]
            : wayBack.start();
  }

  /// One past the last byte that came in for decoded text ending at a position, widened to a whole
  /// escape.
  public int rawEnd(int position) {
    int entry = walked(position - 1);
    return entry < 0
        ? map().rawEnd(position)
        : tape.kind[entry] == Tape.NUMBER
            ? tape.raw[entry] + position - tape.start[entry]
            : wayBack.end(original);
  }

  /// Walks to where a decoded byte came from, when that needs no map.
  ///
  /// @return the string or number it is in, -1 when the map must be asked
  private int walked(int position) {
    if (mapped || wayBack.isLost(originalSize)) {
      return -1;
    }
    int entry = tape.at(position);
    byte kind = tape.kind[entry];
    boolean walkable = kind == Tape.STRING || kind == Tape.KEY || kind == Tape.NUMBER;
    if (!walkable
        || tape.raw[entry] < 0
        || position < tape.start[entry]
        || position >= tape.end[entry]) {
      return -1;
    }
    if (kind != Tape.NUMBER) {
      wayBack.walk(original, entry, tape.start[entry], tape.raw[entry], position);
    }
    return entry;
  }

  // ---- Reading. Every step gives the position after what it read, or -1 after fail().

  private int fail(String what, int at) {
    mistake = what;
    mistakeAt = at;
    return -1;
  }

  private int space(int at) {
    int i = at;
    while (i < end) {
      byte b = source[i];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        break;
      }
      i++;
    }
    return i;
  }

  /// Reads one value with everything in it, without recursion into containers.
  private int value(int parent) {
    int depth = 0;
    int up = parent;
    int i = space(from);
    while (true) {
      // A value starts here.
      if (i >= end) {
        return fail("the text ends where a value should be", i);
      }
      byte b = source[i];
      if (b == '"') {
        i = string(i, Tape.STRING, up);
      } else if (b == '{' || b == '[') {
        if (depth == MAX_DEPTH) {
          return fail("containers nest deeper than " + MAX_DEPTH, i);
        }
        if (depth == level.open.length) {
          level.open = Arrays.copyOf(level.open, 2 * depth);
        }
        up = tape.add(b == '{' ? Tape.OBJECT : Tape.ARRAY, length, 0, up);
        level.open[depth++] = up;
        emit(i);
        i = space(i + 1);
        if (i < end && source[i] == (b == '{' ? '}' : ']')) {
          // Falls to the closing below.
        } else if (b == '{') {
          i = key(i, up);
          if (i < 0) {
            return i;
          }
          continue;
        } else {
          continue;
        }
      } else {
        i = scalar(i, up);
      }
      if (i < 0) {
        return i;
      }
      // A value ended here, or an empty container is about to.
      while (true) {
        if (depth == 0) {
          return i;
        }
        i = space(i);
        if (i >= end) {
          return fail("the text ends inside a container", i);
        }
        boolean object = tape.kind[up] == Tape.OBJECT;
        b = source[i];
        if (b == ',') {
          emit(i);
          i = space(i + 1);
          if (object) {
            i = key(i, up);
            if (i < 0) {
              return i;
            }
          }
          break;
        }
        if (b != (object ? '}' : ']')) {
          return fail(object ? "expected , or }" : "expected , or ]", i);
        }
        emit(i);
        i++;
        tape.end[up] = tape.size;
        tape.limit[up] = length;
        depth--;
        up = depth == 0 ? parent : level.open[depth - 1];
      }
    }
  }

  /// Reads a member's name and the colon, and gives the position of the value.
  private int key(int at, int up) {
    if (at >= end || source[at] != '"') {
      return fail("expected a member name", at);
    }
    int i = string(at, Tape.KEY, up);
    if (i < 0) {
      return i;
    }
    i = space(i);
    if (i >= end || source[i] != ':') {
      return fail("expected :", i);
    }
    emit(i);
    return space(i + 1);
  }

  private int scalar(int at, int up) {
    int i = at;
    while (i < end && isScalar(source[i])) {
      i++;
    }
    byte b = source[at];
    byte kind = Tape.NUMBER;
    boolean valid;
    if (b == 't') {
      valid = is(at, i, "true");
      kind = Tape.LITERAL;
    } else if (b == 'f') {
      valid = is(at, i, "false");
      kind = Tape.LITERAL;
    } else if (b == 'n') {
      valid = is(at, i, "null");
      kind = Tape.LITERAL;
    } else {
      valid = isNumber(at, i);
    }
    if (!valid) {
      return fail("not a value", at);
    }
    int entry = tape.add(kind, length, length + i - at, up);
    tape.raw[entry] = nesting == 0 ? at : -1;
    copy(at, i);
    return i;
  }

  private static boolean isScalar(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || b == '-'
        || b == '+'
        || b == '.'
        || b == 'E';
  }

  private boolean is(int at, int to, String word) {
    if (to - at != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (source[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean isNumber(int at, int to) {
    int i = at < to && source[at] == '-' ? at + 1 : at;
    int digits = digits(i, to);
    if (digits == i || (source[i] == '0' && digits > i + 1)) {
      return false;
    }
    i = digits;
    if (i < to && source[i] == '.') {
      digits = digits(i + 1, to);
      if (digits == i + 1) {
        return false;
      }
      i = digits;
    }
    if (i < to && (source[i] == 'e' || source[i] == 'E')) {
      i++;
      if (i < to && (source[i] == '+' || source[i] == '-')) {
        i++;
      }
      digits = digits(i, to);
      if (digits == i) {
        return false;
      }
      i = digits;
    }
    return i == to;
  }

  private int digits(int at, int to) {
    int i = at;
    while (i < to && source[i] >= '0' && source[i] <= '9') {
      i++;
    }
    return i;
  }

  // ---- Strings.

  private int string(int at, byte kind, int up) {
    emit(at);
    int entry = tape.add(kind, length, 0, up);
    tape.raw[entry] = nesting == 0 ? at + 1 : -1;
    int pieces = map.size();
    int i = at + 1;
    while (true) {
      int stop = copyPlain(i);
      if (stop >= end) {
        return fail("string without an end", at);
      }
      byte b = source[stop];
      if (b == '"') {
        i = stop;
        break;
      }
      if (b != '\\') {
        return fail("control character in a string", stop);
      }
      i = escape(stop);
      if (i < 0) {
        return i;
      }
    }
    tape.end[entry] = length;
    if (kind == Tape.STRING && nesting < MAX_NESTING && length - tape.start[entry] >= 2) {
      open(entry, pieces);
    }
    emit(i);
    return i + 1;
  }

  /// Copies up to the first quote, control character or escape, and gives its position. Where no
  /// map is wanted, goes over short escapes too.
  private int copyPlain(int at) {
    byte[] s = source;
    byte[] out = text;
    int i = at;
    int o = length;
    int last = Math.min(end, s.length) - 8;
    while (i <= last) {
      long word = (long) LONGS.get(s, i);
      // There is [#SLACK].
      LONGS.set(out, o, word);
      // With this bit turned, a quote comes right after the control characters, and nothing else.
      long turned = word ^ (ONES * ('"' ^ ' '));
      long slash = word ^ (ONES * '\\');
      long hit = (((turned - ONES * (' ' + 1)) & ~turned) | ((slash - ONES) & ~slash)) & HIGHS;
      if (hit != 0) {
        int step = Long.numberOfTrailingZeros(hit) >>> 3;
        i += step;
        o += step;
        byte plainly = !mapped && s[i] == '\\' && i + 1 < end ? UNESCAPED[s[i + 1] & 0xff] : 0;
        if (plainly == 0) {
          return copied(at, i, o);
        }
        out[o++] = plainly;
        i += 2;
        continue;
      }
      i += 8;
      o += 8;
    }
    while (i < end && s[i] != '"' && s[i] != '\\' && (s[i] & 0xff) >= 0x20) {
      out[o++] = s[i++];
    }
    return copied(at, i, o);
  }

  private int copied(int from, int to, int newLength) {
    if (to > from) {
      mapTo(from, to);
      length = newLength;
    }
    return to;
  }

  private int escape(int at) {
    if (at + 1 >= end) {
      return fail("string without an end", at);
    }
    int out = UNESCAPED[source[at + 1] & 0xff];
    int to = at + 2;
    if (out == 0 && source[at + 1] != 'u') {
      return fail("unknown escape", at);
    }
    if (out == 0) {
      out = hex(at + 2);
      to = at + 6;
      if (out < 0) {
        return fail("\\u without four digits", at);
      }
      if (Character.isHighSurrogate((char) out)
          && to + 6 <= end
          && source[to] == '\\'
          && source[to + 1] == 'u') {
        int low = hex(to + 2);
        if (low >= 0 && Character.isLowSurrogate((char) low)) {
          out = Character.toCodePoint((char) out, (char) low);
          to += 6;
        }
      }
    }
    unit(at, to);
    encode(out);
    return to;
  }

  private int hex(int at) {
    if (at + 4 > end) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(source[i], 16);
      if (source[i] < 0 || digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private void encode(int c) {
    if (c < 0x80) {
      text[length++] = (byte) c;
    } else if (c < 0x800) {
      text[length++] = (byte) (0xc0 | c >> 6);
      text[length++] = (byte) (0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      text[length++] = (byte) (0xe0 | c >> 12);
      text[length++] = (byte) (0x80 | (c >> 6 & 0x3f));
      text[length++] = (byte) (0x80 | (c & 0x3f));
    } else {
      text[length++] = (byte) (0xf0 | c >> 18);
      text[length++] = (byte) (0x80 | (c >> 12 & 0x3f));
      text[length++] = (byte) (0x80 | (c >> 6 & 0x3f));
      text[length++] = (byte) (0x80 | (c & 0x3f));
    }
  }

  // ---- Writing to the decoded text, with the way back.

  private void emit(int at) {
    mapTo(at, at + 1);
    text[length++] = source[at];
  }

  private void copy(int at, int to) {
    mapTo(at, to);
    System.arraycopy(source, at, text, length, to - at);
    length += to - at;
  }

  /// Says that the source from `at` to `to` goes to the end of the text as it is.
  private void mapTo(int at, int to) {
    if (!mapped) {
      return;
    }
    if (nesting > 0) {
      level.cursor = map.append(length, level.map, at, to, level.cursor);
    } else if (at - length != ahead) {
      ahead = at - length;
      map.run(length, at);
    }
  }

  private void unit(int at, int to) {
    if (!mapped) {
      return;
    }
    if (nesting == 0) {
      map.unit(length, at, to - at);
      ahead = UNMAPPED;
      return;
    }
    PositionMap below = level.map;
    int first = below.forward(at, level.cursor);
    int last = below.forward(to - 1, first);
    level.cursor = last;
    int rawStart = below.rawStartIn(first, at);
    map.unit(length, rawStart, below.rawEndIn(last, to - 1) - rawStart);
  }

  // ---- Strings that hold JSON.

  /// Opens a string whose text is one JSON container or several in a row; leaves it alone when it
  /// is not.
  private void open(int entry, int pieces) {
    int start = tape.start[entry];
    int first = start;
    while (first < length && text[first] <= ' ' && text[first] >= 0) {
      first++;
    }
    int last = length - 1;
    while (last > first && text[last] <= ' ' && text[last] >= 0) {
      last--;
    }
    if (last <= first
        || !(text[first] == '{' && text[last] == '}' || text[first] == '[' && text[last] == ']')) {
      return;
    }
    Level outer = level;
    byte[] outerSource = source;
    int outerFrom = from;
    int outerEnd = end;
    Level inner = levels[nesting + 1];
    int size = length - start;
    if (inner.bytes.length < size) {
      inner.bytes = new byte[Math.max(256, size + (size >> 1))];
    }
    System.arraycopy(text, start, inner.bytes, 0, size);
    if (mapped) {
      inner.map.copyTail(map, start, start);
    }
    inner.cursor = 0;
    int tapeSize = tape.size;
    int mapSize = map.size();
    nesting++;
    level = inner;
    source = inner.bytes;
    from = 0;
    end = size;
    length = start;
    map.truncate(pieces);
    tape.kind[entry] = Tape.NESTED;
    int at = 0;
    do {
      from = at;
      at = value(entry);
      if (at >= 0) {
        at = space(at);
      }
    } while (at >= 0 && at < end);
    nesting--;
    ahead = UNMAPPED;
    level = outer;
    source = outerSource;
    from = outerFrom;
    end = outerEnd;
    if (at >= 0) {
      tape.end[entry] = tape.size;
      tape.limit[entry] = length;
      return;
    }
    // Not JSON after all: put everything back as it was.
    tape.kind[entry] = Tape.STRING;
    tape.size = tapeSize;
    map.truncate(pieces);
    length = start;
    if (mapped) {
      map.append(start, inner.map, 0, size, 0);
    }
    System.arraycopy(inner.bytes, 0, text, start, size);
    length = start + size;
    tape.end[entry] = length;
    assert map.size() <= mapSize + 1;
  }
}
