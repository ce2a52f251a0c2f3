package io.outrider.redaction.match;

import java.util.ArrayList;
import java.util.List;

/// The syntax tree of a regular expression. What it can tell about itself it tells by methods
/// rather than by switches elsewhere: every rule is asked at every start, and the first run of each
/// switch over types costs milliseconds then.
sealed interface Node {
  /// Fewest bytes a match has.
  int minBytes();

  /// Most bytes a match has; `Integer.MAX_VALUE` when there is no limit.
  int maxBytes();

  /// Whether there is a capturing group inside.
  boolean hasGroup();

  /// Whether every match holds a capturing group that is not empty.
  default boolean hasSureGroup() {
    return false;
  }

  /// Fewest bytes from the start of a match to that of a group in it; 0 when there is none.
  default int minBeforeGroup() {
    return 0;
  }

  /// The number of the group that begins every match and is never empty; 0 when there is none.
  default int firstGroup() {
    return 0;
  }

  /// Whether the end of the text, or of a line, makes a difference.
  boolean asksForEnd();

  /// About how many instructions it takes.
  long instructions();

  /// Adds every byte a match can hold.
  void addBytes(ByteSet.Builder out);

  /// Adds every byte a match can begin with.
  void addFirst(ByteSet.Builder out);

  /// Tells what a match may begin with, after what was told so far.
  void addTo(Anchors.Prefixes prefixes);

  /// The same as far as the first bytes of a match tell: without what comes after so many, and with
  /// fewer instructions. Whatever its matches begin with, those of the other do.
  default Node shortened(int bytes) {
    return this;
  }

  /// Writes its instructions before those at `next` and gives the first.
  int emit(Program.Builder out, int next) throws RegexSyntaxException;

  /// Places an assertion can name.
  enum Place {
    TEXT_START,
    TEXT_END,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NOT_WORD_EDGE
  }

  /// Matches the empty text.
  record Empty() implements Node {
    @Override
    public int minBytes() {
      return 0;
    }

    @Override
    public int maxBytes() {
      return 0;
    }

    @Override
    public boolean hasGroup() {
      return false;
    }

    @Override
    public boolean asksForEnd() {
      return false;
    }

    @Override
    public long instructions() {
      return 0;
    }

    @Override
    public void addBytes(ByteSet.Builder out) {}

    @Override
    public void addFirst(ByteSet.Builder out) {}

    @Override
    public void addTo(Anchors.Prefixes prefixes) {}

    @Override
    public int emit(Program.Builder out, int next) {
      return next;
    }
  }

  /// Matches a place rather than text.
  record Assert(Place place) implements Node {
    @Override
    public int minBytes() {
      return 0;
    }

    @Override
    public int maxBytes() {
      return 0;
    }

    @Override
    public boolean hasGroup() {
      return false;
    }

    @Override
    public boolean asksForEnd() {
      return place == Place.TEXT_END || place == Place.LINE_END;
    }

    @Override
    public long instructions() {
      return 1;
    }

    @Override
    public void addBytes(ByteSet.Builder out) {}

    @Override
    public void addFirst(ByteSet.Builder out) {}

    @Override
    public void addTo(Anchors.Prefixes prefixes) {}

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      return out.emit(Program.ASSERT, place.ordinal(), next);
    }
  }

  /// Matches one character out of a set.
  record Chars(CharSet set) implements Node {
    /// One node for each letter: an expression is mostly letters.
    private static final Chars[] SINGLE = new Chars[0x80];

    private static final Chars[] FOLDED = new Chars[0x80];

    static {
      for (int c = 0; c < SINGLE.length; c++) {
        SINGLE[c] = new Chars(CharSet.single(c, false));
        FOLDED[c] = new Chars(CharSet.single(c, true));
      }
    }

    /// One character, or both its cases.
    static Chars single(int codePoint, boolean fold) {
      if (codePoint >= SINGLE.length) {
        return new Chars(CharSet.single(codePoint, fold));
      }
      return (fold ? FOLDED : SINGLE)[codePoint];
    }

    @Override
    public int minBytes() {
      return 1;
    }

    @Override
    public int maxBytes() {
      int[] ranges = set.ranges();
      boolean ascii = ranges.length == 0 || ranges[ranges.length - 1] < 0x80;
      return ascii || set.holdsAllBeyondAscii() ? 1 : 4;
    }

    @Override
    public boolean hasGroup() {
      return false;
    }

    @Override
    public boolean asksForEnd() {
      return false;
    }

    @Override
    public long instructions() {
      return set.holdsAllBeyondAscii() ? 1 : 1 + 4L * set.rangesBeyondAscii();
    }

    @Override
    public void addBytes(ByteSet.Builder out) {
      out.add(set);
    }

    @Override
    public void addFirst(ByteSet.Builder out) {
      out.add(set);
    }

    @Override
    public void addTo(Anchors.Prefixes prefixes) {
      prefixes.thenChars(set);
    }

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      return out.chars(set, next);
    }
  }

  /// Remembers where its body matched.
  record Group(Node body, int index) implements Node {
    @Override
    public int minBytes() {
      return body.minBytes();
    }

    @Override
    public int maxBytes() {
      return body.maxBytes();
    }

    @Override
    public boolean hasGroup() {
      return true;
    }

    @Override
    public int firstGroup() {
      return body.minBytes() > 0 ? index : 0;
    }

    @Override
    public boolean hasSureGroup() {
      return body.minBytes() > 0 || body.hasSureGroup();
    }

    @Override
    public Node shortened(int bytes) {
      return body.shortened(bytes);
    }

    @Override
    public boolean asksForEnd() {
      return body.asksForEnd();
    }

    @Override
    public long instructions() {
      return 2 + body.instructions();
    }

    @Override
    public void addBytes(ByteSet.Builder out) {
      body.addBytes(out);
    }

    @Override
    public void addFirst(ByteSet.Builder out) {
      body.addFirst(out);
    }

    @Override
    public void addTo(Anchors.Prefixes prefixes) {
      body.addTo(prefixes);
    }

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      int close = out.emit(Program.SAVE, 2 * index + 1, next);
      return out.emit(Program.SAVE, 2 * index, body.emit(out, close));
    }
  }

  /// Matches its parts one after the other.
  record Cat(List<Node> parts) implements Node {
    @Override
    public int minBytes() {
      long sum = 0;
      for (Node part : parts) {
        sum += part.minBytes();
      }
      return saturate(sum);
    }

    @Override
    public int maxBytes() {
      long sum = 0;
      for (Node part : parts) {
        sum += part.maxBytes();
      }
      return saturate(sum);
    }

    @Override
    public boolean hasGroup() {
      return anyHasGroup(parts);
    }

    @Override
    public int firstGroup() {
      for (Node part : parts) {
        if (!(part instanceof Assert)) {
          return part.firstGroup();
        }
      }
      return 0;
    }

    @Override
    public int minBeforeGroup() {
      long before = 0;
      for (Node part : parts) {
        if (part.hasGroup()) {
          return saturate(before + part.minBeforeGroup());
        }
        before += part.minBytes();
      }
      return 0;
    }

    @Override
    public boolean hasSureGroup() {
      for (Node part : parts) {
        if (part.hasSureGroup()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Node shortened(int bytes) {
      List<Node> few = new ArrayList<>();
      int rest = bytes;
      for (Node part : parts) {
        if (rest <= 0) {
          break;
        }
        few.add(part.shortened(rest));
        rest -= part.minBytes();
      }
      return new Cat(few);
    }

    @Override
    public boolean asksForEnd() {
      return anyAsksForEnd(parts);
    }

    @Override
    public long instructions() {
      long sum = 0;
      for (Node part : parts) {
        sum += part.instructions();
      }
      return sum;
    }

    @Override
    public void addBytes(ByteSet.Builder out) {
      for (Node part : parts) {
        part.addBytes(out);
      }
    }

    @Override
    public void addFirst(ByteSet.Builder out) {
      for (Node part : parts) {
        part.addFirst(out);
        if (part.minBytes() > 0) {
          return;
        }
      }
    }

    @Override
    public void addTo(Anchors.Prefixes prefixes) {
      for (Node part : parts) {
        if (!prefixes.isOpen()) {
          return;
        }
        part.addTo(prefixes);
      }
    }

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      int target = next;
      for (int i = parts.size() - 1; i >= 0; i--) {
        target = parts.get(i).emit(out, target);
      }
      return target;
    }
  }

  /// Matches one of its branches; an earlier one is preferred.
  record Alt(List<Node> branches) implements Node {
    @Override
    public int minBytes() {
      int min = Integer.MAX_VALUE;
      for (Node branch : branches) {
        min = Math.min(min, branch.minBytes());
      }
      return min;
    }

    @Override
    public int maxBytes() {
      int max = 0;
      for (Node branch : branches) {
        max = Math.max(max, branch.maxBytes());
      }
      return max;
    }

    @Override
    public boolean hasGroup() {
      return anyHasGroup(branches);
    }

    @Override
    public int minBeforeGroup() {
      int before = Integer.MAX_VALUE;
      for (Node branch : branches) {
        before = Math.min(before, branch.minBeforeGroup());
      }
      return before;
    }

    @Override
    public boolean hasSureGroup() {
      for (Node branch : branches) {
        if (!branch.hasSureGroup()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Node shortened(int bytes) {
      List<Node> few = new ArrayList<>(branches.size());
      for (Node branch : branches) {
        few.add(branch.shortened(bytes));
      }
      return new Alt(few);
    }

    @Override
    public boolean asksForEnd() {
      return anyAsksForEnd(branches);
    }

    @Override
    public long instructions() {
      long sum = 0;
      for (Node branch : branches) {
        sum += 1 + branch.instructions();
      }
      return sum;
    }

    @Override
    public void addBytes(ByteSet.Builder out) {
      for (Node branch : branches) {
        branch.addBytes(out);
      }
    }

    @Override
    public void addFirst(ByteSet.Builder out) {
      for (Node branch : branches) {
        branch.addFirst(out);
      }
    }

    @Override
    public void addTo(Anchors.Prefixes prefixes) {
      prefixes.thenAnyOf(branches);
    }

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      int target = branches.getLast().emit(out, next);
      for (int i = branches.size() - 2; i >= 0; i--) {
        target = out.emit(Program.SPLIT, branches.get(i).emit(out, next), target);
      }
      return target;
    }
  }

  /// Matches its body from `min` to `max` times; `max` is -1 for no limit.
  record Repeat(Node body, int min, int max, boolean greedy) implements Node {
    @Override
    public int minBytes() {
      return saturate((long) min * body.minBytes());
    }

    @Override
    public int maxBytes() {
      int once = body.maxBytes();
      if (max < 0) {
        return once == 0 ? 0 : Integer.MAX_VALUE;
      }
      return saturate((long) max * once);
    }

    @Override
    public boolean hasGroup() {
      return body.hasGroup();
    }

    @Override
    public int minBeforeGroup() {
      return body.minBeforeGroup();
    }

    @Override
    public boolean hasSureGroup() {
      return min > 0 && body.hasSureGroup();
    }

    @Override
    public Node shortened(int bytes) {
      int most = max < 0 || max > bytes ? -1 : max;
      return new Repeat(body.shortened(bytes), Math.min(min, bytes), most, greedy);
    }

    @Override
    public boolean asksForEnd() {
      return body.asksForEnd();
    }

    @Override
    public long instructions() {
      long copies = Math.max(1, Math.max(min, max));
      return Math.min((1 + body.instructions()) * copies, 1L << 40);
    }

    @Override
    public void addBytes(ByteSet.Builder out) {
      body.addBytes(out);
    }

    @Override
    public void addFirst(ByteSet.Builder out) {
      body.addFirst(out);
    }

    @Override
    public void addTo(Anchors.Prefixes prefixes) {
      prefixes.thenRepeat(this);
    }

    @Override
    public int emit(Program.Builder out, int next) throws RegexSyntaxException {
      return out.repeat(this, next);
    }
  }

  private static boolean anyHasGroup(List<Node> nodes) {
    for (Node node : nodes) {
      if (node.hasGroup()) {
        return true;
      }
    }
    return false;
  }

  private static boolean anyAsksForEnd(List<Node> nodes) {
    for (Node node : nodes) {
      if (node.asksForEnd()) {
        return true;
      }
    }
    return false;
  }

  private static int saturate(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
