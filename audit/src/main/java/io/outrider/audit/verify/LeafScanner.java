package io.outrider.audit.verify;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads of a leaf what the verifier needs, in one pass over its bytes and without making anything
/// of them: it looks at every record of a log, and a full parse costs ten times what hashing does.
///
/// It knows the plain half of what a leaf may be: keys in rising order and in ASCII, whole numbers,
/// call records. And it remembers leaves it has read: one that differs from such a one only in its
/// values need not be read again but for these ([LeafShape]). What it accepts is a leaf that
/// [io.outrider.audit.format.Leaf] reads the same way; whatever else it meets it leaves to that.
/// One instance reads many leaves, one after the other; not thread-safe.
final class LeafScanner {
  /// What a record says it is. Events are left to the parser.
  static final byte INTENT = 0;

  static final byte OUTCOME = 1;
  static final byte REFUSAL = 2;
  static final byte EVENT = 3;
  static final byte OTHER = 4;

  /// Where commitments stand in a leaf, but for those of cuts.
  static final int IN_DIGEST = 0;

  static final int IN_TEXT = 1;
  static final int RES_DIGEST = 2;
  static final int RES_TEXT = 3;
  static final int PLACES = 4;

  /// Hex digits of a commitment.
  static final int COMMITTED = 64;

  /// As deep as a parse goes; ours nest three deep.
  private static final int MAX_DEPTH = 16;

  /// Digits that fit into a long for sure.
  private static final int MAX_DIGITS = 18;

  /// No key of ours is half as long.
  private static final int MAX_KEY = 64;

  /// How a time is written; 0 is any digit.
  static final String TIME = "0000-00-00T00:00:00.000000000Z";

  /// Characters of `boot`.
  static final int BOOT = 16;

  /// Eight bytes at a time, the first the lowest.
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;

  private static final long KEY_BOOT = key("boot");
  private static final long KEY_CALL = key("call");
  private static final long KEY_DIGEST = key("digest");
  private static final long KEY_EV = key("ev");
  private static final long KEY_I = key("i");
  private static final long KEY_IN = key("in");
  private static final long KEY_INTENT = key("intent");
  private static final long KEY_K = key("k");
  private static final long KEY_M = key("m");
  private static final long KEY_OUT = key("out");
  private static final long KEY_RES = key("res");
  private static final long KEY_T = key("t");
  private static final long KEY_TEXT = key("text");
  private static final long KEY_V = key("v");

  /// Leaves kept to compare others with. A log has a dozen kinds of calls and ends, and each thread
  /// sees them in turn.
  private static final int MAX_SHAPES = 8;

  // Where most leaves are like none before, comparing them is given up for a while.
  private static final int MISS = 8;
  private static final int MAX_LUCK = 64;
  private static final int PAUSE = 256;

  private final List<LeafShape> shapes = new ArrayList<>();
  private LeafShape values = new LeafShape();
  private int oldest;
  private int luck = MAX_LUCK;

  /// The shape that came after each when it came last: an end often follows a beginning.
  private final int[] follower = new int[MAX_SHAPES];

  private int lastShape;

  private byte[] in = new byte[0];
  private int at;
  private int end;

  /// Whether the string read last holds nothing but ASCII characters that stand for themselves.
  private boolean plain;

  /// The key read last: up to eight characters of it, the first the highest, and where it stands.
  private long key;

  private int keyStart;
  private int keyEnd;

  private long version;
  private long index;
  private long monotonic;
  private long intent;
  private byte kind;
  private int bootAt;
  private int callAt;
  private int callLength;
  private int outAt;
  private int outLength;
  private boolean timed;
  private final int[] committedAt = new int[PLACES];

  private static long key(String name) {
    long key = 0;
    for (int i = 0; i < name.length(); i++) {
      key |= (long) name.charAt(i) << 56 - 8 * i;
    }
    return key;
  }

  /// Reads the leaf `bytes[from .. to)`.
  ///
  /// @param bytes with [ReadBuffer#SLACK] readable bytes behind the leaf
  /// @return whether it is the record of a call and plain; if not, it takes a parser to tell
  boolean scan(byte[] bytes, int from, int to) {
    in = bytes;
    end = to;
    if (luck >= 0) {
      int guess = follower[lastShape];
      if (guess < shapes.size() && isLike(guess, from)) {
        return true;
      }
      for (int shape = 0; shape < shapes.size(); shape++) {
        if (shape != guess && isLike(shape, from)) {
          return true;
        }
      }
      luck = luck < MISS ? -PAUSE : luck - MISS;
    } else {
      luck++;
    }
    return read(from);
  }

  private void clear(int from) {
    at = from;
    version = -1;
    index = -1;
    monotonic = -1;
    intent = -1;
    kind = OTHER;
    bootAt = -1;
    callAt = -1;
    callLength = 0;
    outAt = -1;
    outLength = 0;
    timed = false;
    for (int place = 0; place < PLACES; place++) {
      committedAt[place] = -1;
    }
  }

  private boolean read(int from) {
    clear(from);
    values.clear();
    if (!leaf() || at != end || kind == OTHER || version < 0 || index < 0 || bootAt < 0 || !timed) {
      return false;
    }
    if (luck >= 0 && values.end(in, from, end, kind)) {
      if (shapes.size() < MAX_SHAPES) {
        shapes.add(values);
        values = new LeafShape();
      } else {
        oldest = (oldest + 1) % MAX_SHAPES;
        values = shapes.set(oldest, values);
      }
    }
    return true;
  }

  /// Whether the leaf is like one before but for its values. What lies between them was read then.
  private boolean isLike(int number, int from) {
    LeafShape shape = shapes.get(number);
    byte[] line = shape.line();
    clear(from);
    int count = shape.count();
    int value = 0;
    int there = 0;
    int here = from;
    while (true) {
      int same = Arrays.mismatch(line, there, line.length, in, here, end);
      if (same < 0) {
        break;
      }
      there += same;
      here += same;
      while (value < count && shape.end(value) < there) {
        keep(shape, value++, here - there);
      }
      if (value == count || shape.start(value) > there) {
        return false;
      }
      if (!replace(shape, value, shape.start(value) + here - there)) {
        return false;
      }
      there = shape.end(value++);
      here = at;
    }
    while (value < count) {
      keep(shape, value++, here - there);
    }
    kind = shape.kind();
    follower[lastShape] = number;
    lastShape = number;
    luck = Math.min(luck + 1, MAX_LUCK);
    return true;
  }

  /// A value that is the same in both leaves.
  private void keep(LeafShape shape, int value, int moved) {
    byte role = shape.role(value);
    if (role == LeafShape.OTHER) {
      return;
    }
    if (shape.isString(value)) {
      text(role, shape.start(value) + moved, shape.end(value) + moved);
    } else {
      at = shape.start(value) + moved;
      number(role, number());
    }
  }

  /// Reads a value that differs; its end is `at` afterwards.
  private boolean replace(LeafShape shape, int value, int start) {
    byte role = shape.role(value);
    if (shape.isString(value)) {
      at = start - 1;
      if (!string()) {
        return false;
      }
      at--;
      return role == LeafShape.OTHER || plain && text(role, start, at);
    }
    at = start;
    long number = number();
    return number >= 0 && (role == LeafShape.OTHER || number(role, number));
  }

  /// Takes a string that the verifier wants.
  ///
  /// @return whether it is as long as it must be
  private boolean text(byte role, int start, int stop) {
    int length = stop - start;
    switch (role) {
      case LeafShape.BOOT -> {
        bootAt = start;
        return length == BOOT;
      }
      case LeafShape.CALL -> {
        callAt = start;
        callLength = length;
        return length <= LeafFacts.MAX_CALL;
      }
      case LeafShape.OUT -> {
        outAt = start;
        outLength = length;
        return true;
      }
      case LeafShape.TIME -> {
        timed = length == TIME.length() && isTime(in, start);
        return timed;
      }
      default -> {
        committedAt[role - LeafShape.COMMITTED] = start;
        return length == COMMITTED;
      }
    }
  }

  /// Whether a time of 30 characters is written as one.
  static boolean isTime(byte[] bytes, int start) {
    for (int i = 0; i < TIME.length(); i++) {
      char form = TIME.charAt(i);
      byte c = bytes[start + i];
      if (form == '0' ? c < '0' || c > '9' : c != form) {
        return false;
      }
    }
    return true;
  }

  private boolean number(byte role, long number) {
    switch (role) {
      case LeafShape.INDEX -> index = number;
      case LeafShape.MONOTONIC -> monotonic = number;
      case LeafShape.VERSION -> version = number;
      default -> intent = number;
    }
    return true;
  }

  private boolean leaf() {
    if (!take('{')) {
      return false;
    }
    long last = 0;
    int lastStart = 0;
    int lastEnd = 0;
    do {
      if (!name(last, lastStart, lastEnd)) {
        return false;
      }
      last = key;
      lastStart = keyStart;
      lastEnd = keyEnd;
      if (!field()) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  /// A key behind another, and its colon. Rising keys cannot be doubled.
  private boolean name(long last, int lastStart, int lastEnd) {
    if (!string() || !plain) {
      return false;
    }
    // string() has left `at` behind the closing quote.
    int length = at - 1 - keyStart;
    if (length > MAX_KEY || !take(':')) {
      return false;
    }
    keyEnd = keyStart + length;
    key = Long.reverseBytes((long) WORDS.get(in, keyStart));
    if (length < Long.BYTES) {
      key = length == 0 ? 0 : key & -1L << Long.SIZE - 8 * length;
    }
    // A key's first eight characters decide, unless both have more: no character is zero.
    return lastEnd == 0
        || key > last
        || key == last && length > Long.BYTES && rises(lastStart, lastEnd, keyStart, keyEnd);
  }

  private boolean rises(int start, int stop, int nextStart, int nextStop) {
    int shorter = Math.min(stop - start, nextStop - nextStart);
    for (int i = 0; i < shorter; i++) {
      int order = in[start + i] - in[nextStart + i];
      if (order != 0) {
        return order < 0;
      }
    }
    return stop - start < nextStop - nextStart;
  }

  /// The value of a field of the leaf itself, which may be wanted.
  private boolean field() {
    long name = key;
    if (keyEnd - keyStart > 6) {
      return value(1);
    }
    if (name == KEY_BOOT) {
      return wanted(LeafShape.BOOT);
    }
    if (name == KEY_CALL) {
      return wanted(LeafShape.CALL);
    }
    if (name == KEY_OUT) {
      return wanted(LeafShape.OUT);
    }
    if (name == KEY_T) {
      return wanted(LeafShape.TIME);
    }
    if (name == KEY_I) {
      return counted(LeafShape.INDEX);
    }
    if (name == KEY_M) {
      return counted(LeafShape.MONOTONIC);
    }
    if (name == KEY_V) {
      return counted(LeafShape.VERSION);
    }
    if (name == KEY_INTENT) {
      return counted(LeafShape.INTENT);
    }
    if (name == KEY_K) {
      return kindName();
    }
    if (name == KEY_IN) {
      return message(IN_DIGEST, IN_TEXT);
    }
    if (name == KEY_RES) {
      return message(RES_DIGEST, RES_TEXT);
    }
    return name != KEY_EV && value(1);
  }

  private boolean wanted(byte role) {
    int start = at + 1;
    if (!string() || !plain) {
      return false;
    }
    values.add(true, start, at - 1);
    values.role(role);
    return text(role, start, at - 1);
  }

  private boolean counted(byte role) {
    int start = at;
    long number = number();
    values.add(false, start, at);
    values.role(role);
    return number >= 0 && number(role, number);
  }

  private boolean kindName() {
    int start = at + 1;
    if (!string() || !plain) {
      return false;
    }
    int length = at - 1 - start;
    if (is("intent", start, length)) {
      kind = INTENT;
    } else if (is("outcome", start, length)) {
      kind = OUTCOME;
    } else if (is("refusal", start, length)) {
      kind = REFUSAL;
    }
    return kind != OTHER;
  }

  private boolean is(String word, int start, int length) {
    if (length != word.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (in[start + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /// What a message was: an object with commitments in it.
  private boolean message(int digest, int text) {
    if (at >= end || in[at] != '{') {
      return value(1);
    }
    at++;
    if (take('}')) {
      return true;
    }
    long last = 0;
    int lastStart = 0;
    int lastEnd = 0;
    do {
      if (!name(last, lastStart, lastEnd)) {
        return false;
      }
      last = key;
      lastStart = keyStart;
      lastEnd = keyEnd;
      int place =
          keyEnd - keyStart > 6 ? -1 : last == KEY_DIGEST ? digest : last == KEY_TEXT ? text : -1;
      int start = at + 1;
      if (!value(2)) {
        return false;
      }
      if (place >= 0 && in[start - 1] == '"' && plain && at - 1 - start == COMMITTED) {
        committedAt[place] = start;
        values.role((byte) (LeafShape.COMMITTED + place));
      }
    } while (take(','));
    return take('}');
  }

  private boolean take(char c) {
    if (in[at] == c && at < end) {
      at++;
      return true;
    }
    return false;
  }

  private boolean value(int depth) {
    if (at >= end || depth >= MAX_DEPTH) {
      return false;
    }
    return switch (in[at]) {
      case '"' -> {
        int start = at + 1;
        boolean read = string();
        values.add(true, start, at - 1);
        yield read;
      }
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case 't' -> word("true");
      case 'f' -> word("false");
      default -> {
        int start = at;
        long number = number();
        values.add(false, start, at);
        yield number >= 0;
      }
    };
  }

  private boolean object(int depth) {
    at++;
    if (take('}')) {
      return true;
    }
    long last = 0;
    int lastStart = 0;
    int lastEnd = 0;
    do {
      if (!name(last, lastStart, lastEnd)) {
        return false;
      }
      last = key;
      lastStart = keyStart;
      lastEnd = keyEnd;
      if (!value(depth)) {
        return false;
      }
    } while (take(','));
    return take('}');
  }

  private boolean array(int depth) {
    at++;
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean word(String word) {
    if (end - at < word.length() || !is(word, at, word.length())) {
      return false;
    }
    at += word.length();
    return true;
  }

  /// A number without sign, fraction or needless zero; -1 if there is none.
  private long number() {
    int start = at;
    long number = 0;
    while (at < end && in[at] >= '0' && in[at] <= '9') {
      number = number * 10 + in[at++] - '0';
      if (at - start > MAX_DIGITS) {
        return -1;
      }
    }
    return at == start || in[start] == '0' && at - start > 1 ? -1 : number;
  }

  /// A string, to behind its last quote. Its first character is at `keyStart` afterwards.
  private boolean string() {
    if (in[at] != '"') {
      return false;
    }
    plain = true;
    keyStart = at + 1;
    int here = at + 1;
    while (here < end) {
      long stop = special((long) WORDS.get(in, here));
      if (stop == 0) {
        here += Long.BYTES;
        continue;
      }
      here += Long.numberOfTrailingZeros(stop) >>> 3;
      byte c = in[here];
      if (c == '"') {
        at = here + 1;
        return at <= end;
      }
      if (c >= 0 && c != '\\') {
        return false;
      }
      plain = false;
      here = c == '\\' ? escape(here + 1) : utf8(here);
      if (here < 0) {
        return false;
      }
    }
    return false;
  }

  /// The high bit of the first byte in `word` that is a quote, a backslash, a control character or
  /// not ASCII; bits above it mean nothing.
  private static long special(long word) {
    long quote = word ^ EACH * '"';
    long backslash = word ^ EACH * '\\';
    return ((quote - EACH) & ~quote
            | (backslash - EACH) & ~backslash
            | (word - EACH * 0x20) & ~word
            | word)
        & HIGH;
  }

  private static boolean isOneOf(String letters, byte letter) {
    return letters.indexOf(letter) >= 0;
  }

  /// What stands behind a backslash, where a leaf must have one.
  ///
  /// @return where it ends; -1 if it is nothing
  private int escape(int from) {
    return switch (in[from]) {
      case '"', '\\', 'b', 'f', 'n', 'r', 't' -> from + 1;
      // Control characters that have no short form, in lower case; all else stands for itself.
      case 'u' ->
          in[from + 1] == '0'
                  && in[from + 2] == '0'
                  && (in[from + 3] == '0' && isOneOf("01234567be", in[from + 4])
                      || in[from + 3] == '1' && isOneOf("0123456789abcdef", in[from + 4]))
              ? from + 5
              : -1;
      default -> -1;
    };
  }

  /// A character of two to four bytes, written as RFC 3629 says.
  ///
  /// @return where it ends; -1 if it is none
  private int utf8(int from) {
    int first = in[from] & 0xff;
    int second = in[from + 1] & 0xff;
    int more;
    int low = 0x80;
    int high = 0xbf;
    if (first >= 0xc2 && first <= 0xdf) {
      more = 1;
    } else if (first >= 0xe0 && first <= 0xef) {
      more = 2;
      low = first == 0xe0 ? 0xa0 : 0x80;
      high = first == 0xed ? 0x9f : 0xbf;
    } else if (first >= 0xf0 && first <= 0xf4) {
      more = 3;
      low = first == 0xf0 ? 0x90 : 0x80;
      high = first == 0xf4 ? 0x8f : 0xbf;
    } else {
      return -1;
    }
    if (second < low || second > high) {
      return -1;
    }
    for (int i = 2; i <= more; i++) {
      if ((in[from + i] & 0xc0) != 0x80) {
        return -1;
      }
    }
    return from + more + 1;
  }

  // What was read last.

  long version() {
    return version;
  }

  long index() {
    return index;
  }

  long monotonic() {
    return monotonic;
  }

  /// Index of the intent an outcome belongs to; -1 if it is not said.
  long intent() {
    return intent;
  }

  byte kind() {
    return kind;
  }

  /// Where the 16 characters of `boot` begin.
  int bootAt() {
    return bootAt;
  }

  /// Where the call's id begins; -1 if there is none.
  int callAt() {
    return callAt;
  }

  int callLength() {
    return callLength;
  }

  /// Whether the outcome is this one.
  boolean isOut(String slug) {
    return outAt >= 0 && is(slug, outAt, outLength);
  }

  /// Where the hex digits of a commitment begin; -1 if there is none.
  int committedAt(int place) {
    return committedAt[place];
  }
}
