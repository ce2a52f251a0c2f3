package io.outrider.redaction.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A deterministic automaton that builds its states as texts ask for them. It answers whether a
/// match starts at one place, in one table look-up per byte. Thread-safe; all threads share the
/// states.
///
/// A transition is known when its table entry is not zero. An entry says everything a reader needs
/// (the row of the next state, dead, or matched), so a reader without a lock sees either zero, and
/// takes the lock, or the truth.
final class LazyDfa {

  private static final int DEAD = -1;
  private static final int MATCHED = -2;

  /// More states than this and all are forgotten: the largest rule of gitleaks needs about 140 on
  /// real text.
  private static final int MAX_STATES = 2_000;

  private static final int BEFORE_NOTHING = 0;
  private static final int BEFORE_WORD = 1;
  private static final int BEFORE_NEWLINE = 2;
  private static final int BEFORE_OTHER = 3;

  private static final int[] MATCH_FOUND = {-1};
  private static final Node.Place[] PLACES = Node.Place.values();

  private final Program program;
  private final boolean unanchored;

  /// Class of each byte; the class after the last is the end of the text.
  private final char[] classes = new char[256];

  private final byte[] sampleOfClass;
  private final int stride;

  /// Scratch for whoever computes a transition: together the automata of all rules would keep a
  /// megabyte of it.
  private static final AtomicReference<@Nullable Scratch> SPARE = new AtomicReference<>();

  private volatile Cache cache;

  /// Whether a quote may be the end of the text, as it is where a string of JSON ends.
  private final boolean quoteEnds;

  LazyDfa(Program program, boolean unanchored) {
    this(program, unanchored, false);
  }

  LazyDfa(Program program, boolean unanchored, boolean quoteEnds) {
    this.program = program;
    this.unanchored = unanchored;
    this.quoteEnds = quoteEnds;
    this.sampleOfClass = classify();
    this.stride = sampleOfClass.length + 1;
    this.cache = new Cache(stride);
  }

  private static final class Scratch {
    /// Per instruction the mark of the last look at it.
    private int[] seen = new int[0];

    private int[] stack = new int[0];
    private int[] alive = new int[0];
    private int mark;

    static Scratch take(int instructions) {
      Scratch spare = SPARE.getAndSet(null);
      Scratch scratch = spare == null ? new Scratch() : spare;
      if (scratch.seen.length < instructions || scratch.mark > Integer.MAX_VALUE - 4) {
        scratch.seen = new int[instructions];
        scratch.stack = new int[2 * instructions + 1];
        scratch.alive = new int[instructions];
        scratch.mark = 0;
      }
      return scratch;
    }

    void giveBack() {
      SPARE.set(this);
    }
  }

  /// The states known so far. When there are too many, a new cache takes its place; a run keeps the
  /// one it began with.
  private static final class Cache {
    private final Map<Key, Integer> rows = new HashMap<>();
    private final List<Key> states = new ArrayList<>();
    private final int stride;

    /// Rows of transitions; row 0 is not a state. Copied when it grows, so that rows keep their
    /// places.
    private volatile int[] table;

    /// Rows of the start states, by what stands before.
    private volatile int[] starts = new int[4];

    Cache(int stride) {
      this.stride = stride;
      this.table = new int[stride * 4];
    }

    boolean isFull() {
      return states.size() >= MAX_STATES;
    }

    Key state(int row) {
      return states.get(row / stride - 1);
    }

    int rowOf(Key key) {
      Integer known = rows.get(key);
      if (known != null) {
        return known;
      }
      states.add(key);
      int row = states.size() * stride;
      if (row + stride > table.length) {
        table = Arrays.copyOf(table, 2 * table.length);
      }
      rows.put(key, row);
      return row;
    }
  }

  private record Key(int[] instructions, int before) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key(int[] theirs, int edge)
          && edge == before
          && Arrays.equals(instructions, theirs);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(instructions) + before;
    }
  }

  /// Runs from `at` and gives the first position at which it is certain that a match starting at
  /// `at` (or, when unanchored, at or after it) exists. The text ends at `end`; what stands before
  /// `at` counts for assertions down to `begin`. Without a match it gives the position where that
  /// became certain, as `-1 - position`.
  int run(byte[] text, int begin, int at, int end) {
    int before = at == begin ? BEFORE_NOTHING : before(text[at - 1]);
    Cache c = cache;
    int row = c.starts[before];
    if (row == 0) {
      row = startRow(c, before);
    }
    return go(c, row, text, begin, at, at, end);
  }

  /// Goes on from a row at `from`, in a run that began at `at`.
  private int go(Cache c, int first, byte[] text, int begin, int at, int from, int end) {
    int row = first;
    int[] t = c.table;
    final char[] cls = classes;
    for (int i = from; i < end; i++) {
      int next = t[row + cls[text[i] & 0xff]];
      if (next <= 0) {
        if (next == 0) {
          next = learn(c, row, cls[text[i] & 0xff]);
          t = c.table;
        }
        if (next == DEAD) {
          return -1 - i;
        }
        if (next == MATCHED) {
          return i;
        }
        if (next == 0) {
          return runWithoutCache(text, begin, at, end);
        }
      }
      row = next;
    }
    int next = t[row + stride - 1];
    if (next == 0) {
      next = learn(c, row, stride - 1);
      if (next == 0) {
        return runWithoutCache(text, begin, at, end);
      }
    }
    return next == MATCHED ? end : -1 - end;
  }

  /// Where a run is after a literal, so that the next one need not read it again. Shared by
  /// threads: what it remembers is replaced as a whole.
  static final class Entry {
    private final String literal;
    private volatile @Nullable After after;

    Entry(String literal) {
      this.literal = literal;
    }
  }

  /// Rows after a literal, by what stands before it; 0 where not known.
  private record After(Cache cache, int[] rows) {}

  /// The same as [#run], from a place at which the literal of an entry stands, in either case.
  int run(byte[] text, int begin, int at, int end, Entry entry) {
    int n = entry.literal.length();
    int signs = 0;
    for (int i = at; i < at + n; i++) {
      signs |= text[i];
    }
    if (signs < 0 || at + n > end) {
      // Beyond ASCII one byte may have been taken for another.
      return run(text, begin, at, end);
    }
    int before = at == begin ? BEFORE_NOTHING : before(text[at - 1]);
    Cache c = cache;
    After after = entry.after;
    int row = after != null && after.cache == c ? after.rows[before] : 0;
    if (row == 0) {
      row = rowAfter(text, at, n, before, c);
      if (row == 0) {
        return run(text, begin, at, end);
      }
      if (tellsNoCase(entry.literal)) {
        int[] rows = after != null && after.cache == c ? after.rows.clone() : new int[4];
        rows[before] = row;
        entry.after = new After(c, rows);
      }
    }
    return row < 0 ? -1 - (at + n) : go(c, row, text, begin, at, at + n, end);
  }

  /// The row after a literal, [#DEAD] if nothing is alive, 0 if that cannot be told or a match is
  /// certain before.
  private int rowAfter(byte[] text, int at, int n, int before, Cache c) {
    int row = c.starts[before];
    if (row == 0) {
      row = startRow(c, before);
    }
    for (int i = at; i < at + n; i++) {
      int symbol = classes[text[i] & 0xff];
      int next = c.table[row + symbol];
      if (next == 0) {
        next = learn(c, row, symbol);
      }
      if (next == DEAD) {
        return DEAD;
      }
      if (next <= 0) {
        return 0;
      }
      row = next;
    }
    return row;
  }

  /// Whether the automaton treats both cases of every letter alike. The last letter of a literal in
  /// upper case stands for itself.
  private boolean tellsNoCase(String literal) {
    for (int i = 0; i < literal.length(); i++) {
      char letter = literal.charAt(i);
      if (letter >= 'a' && letter <= 'z' && classes[letter] != classes[letter - 32]) {
        return false;
      }
    }
    return true;
  }

  /// What an earlier run did at each position, so that a later one can stop where it does the same.
  static final class Trail {
    private int[] rows = new int[0];
    private int origin;
    private int from;
    private int to;
    private int result;
    private @Nullable Object states;

    /// Forgets everything; the next runs lie in `[begin, end)`.
    void clear(int begin, int end) {
      if (rows.length < end - begin + 1) {
        rows = new int[end - begin + 1];
      }
      origin = begin;
      from = 0;
      to = 0;
      states = null;
    }
  }

  /// The same as [#run], along a trail. Runs from many places in one text then cost little more
  /// than one: two runs that are in one state at one position end alike.
  int run(byte[] text, int begin, int at, int end, Trail trail) {
    int before = at == begin ? BEFORE_NOTHING : before(text[at - 1]);
    Cache c = cache;
    int row = c.starts[before];
    if (row == 0) {
      row = startRow(c, before);
    }
    boolean known = trail.states == c;
    int[] rows = trail.rows;
    int[] t = c.table;
    int result = 0;
    int i = at;
    while (true) {
      if (known && i >= trail.from && i < trail.to && rows[i - trail.origin] == row) {
        trail.from = at;
        return trail.result;
      }
      rows[i - trail.origin] = row;
      int symbol = i == end ? stride - 1 : classes[text[i] & 0xff];
      int next = t[row + symbol];
      if (next == 0) {
        next = learn(c, row, symbol);
        t = c.table;
        if (next == 0) {
          trail.states = null;
          return runWithoutCache(text, begin, at, end);
        }
      }
      if (next == MATCHED) {
        result = i;
        break;
      }
      if (next == DEAD) {
        result = -1 - i;
        break;
      }
      row = next;
      i++;
    }
    trail.states = c;
    trail.from = at;
    trail.to = i + 1;
    trail.result = result;
    return result;
  }

  /// The same, computing every step: for the one run that finds the cache full.
  private synchronized int runWithoutCache(byte[] text, int begin, int at, int end) {
    Key state = start(at == begin ? BEFORE_NOTHING : before(text[at - 1]));
    for (int i = at; ; i++) {
      int[] after = step(state, i == end ? stride - 1 : classes[text[i] & 0xff]);
      if (after == MATCH_FOUND) {
        return i;
      }
      if (after.length == 0 || i == end) {
        return -1 - i;
      }
      state = new Key(after, before(text[i]));
    }
  }

  private synchronized int startRow(Cache c, int before) {
    int row = c.rowOf(start(before));
    int[] copy = c.starts.clone();
    copy[before] = row;
    c.starts = copy;
    return row;
  }

  private Key start(int before) {
    return new Key(new int[] {program.start}, before);
  }

  /// Computes one transition and stores it; gives 0 when the cache is full.
  private synchronized int learn(Cache c, int row, int symbol) {
    int known = c.table[row + symbol];
    if (known != 0) {
      return known;
    }
    if (c.isFull()) {
      if (cache == c) {
        cache = new Cache(stride);
      }
      return 0;
    }
    int[] after = step(c.state(row), symbol);
    int entry;
    if (after == MATCH_FOUND) {
      entry = MATCHED;
    } else if (after.length == 0) {
      entry = DEAD;
    } else {
      entry = c.rowOf(new Key(after, before(sampleOfClass[symbol])));
    }
    c.table[row + symbol] = entry;
    return entry;
  }

  /// The instructions alive after one symbol, [#MATCH_FOUND] when a match ended before it, empty
  /// when none is alive.
  private int[] step(Key state, int symbol) {
    Scratch scratch = Scratch.take(program.size());
    try {
      return step(state, symbol, scratch);
    } finally {
      scratch.giveBack();
    }
  }

  private int[] step(Key state, int symbol, Scratch scratch) {
    boolean end = symbol == stride - 1;
    int sample = end ? 0 : sampleOfClass[symbol] & 0xff;
    int[] alive = scratch.alive;
    int[] seen = scratch.seen;
    int found = 0;
    scratch.mark++;
    for (int instruction : state.instructions) {
      found = follow(instruction, state.before, end, sample, scratch, found);
      if (found < 0) {
        return MATCH_FOUND;
      }
    }
    if (end) {
      return new int[0];
    }
    int mark = ++scratch.mark;
    int kept = 0;
    for (int i = 0; i < found; i++) {
      int next = program.b[alive[i]];
      if (Program.has(program.sets[program.a[alive[i]]], sample) && seen[next] != mark) {
        seen[next] = mark;
        alive[kept++] = next;
      }
    }
    if (unanchored && seen[program.start] != mark) {
      // There is room: the start consumes nothing, so it was never in the array.
      alive[kept++] = program.start;
    }
    int[] result = Arrays.copyOf(alive, kept);
    Arrays.sort(result);
    return result;
  }

  /// Adds the byte instructions reachable from one without consuming; -1 when a match is among
  /// them.
  private int follow(int from, int before, boolean end, int sample, Scratch scratch, int found) {
    int[] stack = scratch.stack;
    int[] seen = scratch.seen;
    int count = found;
    int top = 0;
    stack[top++] = from;
    while (top > 0) {
      int pc = stack[--top];
      if (seen[pc] == scratch.mark) {
        continue;
      }
      seen[pc] = scratch.mark;
      switch (program.op[pc]) {
        case Program.MATCH -> {
          return -1;
        }
        case Program.BYTES -> scratch.alive[count++] = pc;
        case Program.SAVE -> stack[top++] = program.b[pc];
        case Program.ASSERT -> {
          if (holds(program.a[pc], before, end, sample)) {
            stack[top++] = program.b[pc];
          }
        }
        default -> {
          stack[top++] = program.b[pc];
          stack[top++] = program.a[pc];
        }
      }
    }
    return count;
  }

  private boolean holds(int place, int before, boolean end, int sample) {
    return switch (PLACES[place]) {
      case TEXT_START -> before == BEFORE_NOTHING;
      case TEXT_END -> end || (quoteEnds && sample == '"');
      case LINE_START -> before == BEFORE_NOTHING || before == BEFORE_NEWLINE;
      case LINE_END -> end || sample == '\n' || (quoteEnds && sample == '"');
      case WORD_EDGE -> (before == BEFORE_WORD) != (!end && isWord(sample));
      case NOT_WORD_EDGE -> (before == BEFORE_WORD) == (!end && isWord(sample));
    };
  }

  private static int before(byte b) {
    return isWord(b & 0xff) ? BEFORE_WORD : b == '\n' ? BEFORE_NEWLINE : BEFORE_OTHER;
  }

  static boolean isWord(int b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
  }

  /// Gives bytes that no instruction tells apart one class; returns one byte of each.
  private byte[] classify() {
    Map<Long, Integer> known = new HashMap<>();
    List<Byte> samples = new ArrayList<>();
    long[] signature = new long[256];
    for (int i = 0; i < program.sets.length; i++) {
      long mix = (i + 1) * 0x9e3779b97f4a7c15L;
      mix ^= mix >>> 29;
      mix *= 0xbf58476d1ce4e5b9L;
      // Only the smaller side of a set is marked: what most bytes have in common parts none.
      long[] set = program.sets[i];
      int members = 0;
      for (long word : set) {
        members += Long.bitCount(word);
      }
      for (int k = 0; k < 4; k++) {
        for (long word = members <= 128 ? set[k] : ~set[k]; word != 0; word &= word - 1) {
          signature[64 * k + Long.numberOfTrailingZeros(word)] += mix;
        }
      }
    }
    for (int b = 0; b < 256; b++) {
      long edge = isWord(b) ? 1 : b == '\n' ? 2 : quoteEnds && b == '"' ? 3 : 0;
      Integer c = known.get(signature[b] ^ (edge * 0x94d049bb133111ebL));
      if (c == null) {
        c = samples.size();
        known.put(signature[b] ^ (edge * 0x94d049bb133111ebL), c);
        samples.add((byte) b);
      }
      classes[b] = (char) (int) c;
    }
    byte[] result = new byte[samples.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = samples.get(i);
    }
    return result;
  }
}
