package io.outrider.redaction.match;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A regular expression as instructions over bytes. Immutable.
final class Program {
  /// Consume one byte of the set `a`, go to `b`.
  static final byte BYTES = 0;

  /// Go to `a`, and with less preference to `b`.
  static final byte SPLIT = 1;

  /// Remember the position in slot `a`, go to `b`.
  static final byte SAVE = 2;

  /// Go to `b` if the place `a` is here.
  static final byte ASSERT = 3;

  static final byte MATCH = 4;

  /// A rule larger than this is refused; the largest of gitleaks has about 2000 instructions.
  private static final int MAX_INSTRUCTIONS = 20_000;

  final byte[] op;
  final int[] a;
  final int[] b;
  final int start;
  final int groups;

  /// Sets of bytes, four longs each.
  final long[][] sets;

  /// In [Firsts]: whatever the next byte is, what begins here may go on.
  static final int ANY = -1;

  /// In [Firsts]: what begins here matches.
  static final int SURE = -2;

  private volatile @Nullable Firsts firsts;

  /// What may come first after an instruction to which a [#SPLIT] leads.
  ///
  /// @param of per instruction the set, or [#ANY] or [#SURE]
  record Firsts(int[] of, long[][] sets) {
    boolean allow(int pc, byte next) {
      int first = of[pc];
      return first < 0 || has(sets[first], next & 0xff);
    }

    boolean areSure(int pc) {
      return of[pc] == SURE;
    }
  }

  private Program(byte[] op, int[] a, int[] b, int start, int groups, long[][] sets) {
    this.op = op;
    this.a = a;
    this.b = b;
    this.start = start;
    this.groups = groups;
    this.sets = sets;
  }

  static Program compile(Node root, int groups) throws RegexSyntaxException {
    var builder = new Builder();
    int match = builder.emit(MATCH, 0, 0);
    int end = builder.emit(SAVE, 1, match);
    int body = root.emit(builder, end);
    int start = builder.emit(SAVE, 0, body);
    return new Program(
        Arrays.copyOf(builder.op, builder.size),
        Arrays.copyOf(builder.a, builder.size),
        Arrays.copyOf(builder.b, builder.size),
        start,
        groups,
        builder.sets.toArray(new long[0][]));
  }

  /// A program that matches one sequence of sets.
  static Program sequence(List<long[]> sets) {
    int size = sets.size() + 1;
    byte[] op = new byte[size];
    int[] a = new int[size];
    int[] b = new int[size];
    for (int i = 0; i < sets.size(); i++) {
      op[i] = BYTES;
      a[i] = i;
      b[i] = i + 1;
    }
    op[size - 1] = MATCH;
    return new Program(op, a, b, 0, 0, sets.toArray(new long[0][]));
  }

  /// A program that matches what any of several matches. Its groups mean nothing.
  static Program union(List<Program> programs) {
    int size = programs.size() - 1;
    for (Program program : programs) {
      size += program.size();
    }
    byte[] op = new byte[size];
    int[] a = new int[size];
    int[] b = new int[size];
    List<long[]> sets = new ArrayList<>();
    int at = 0;
    int start = -1;
    for (Program p : programs) {
      int base = at;
      for (int i = 0; i < p.size(); i++) {
        op[at] = p.op[i];
        a[at] =
            switch (p.op[i]) {
              case BYTES -> Builder.intern(sets, p.sets[p.a[i]]);
              case SPLIT -> base + p.a[i];
              default -> p.a[i];
            };
        b[at++] = base + p.b[i];
      }
      int first = base + p.start;
      if (start < 0) {
        start = first;
      } else {
        op[at] = SPLIT;
        a[at] = start;
        b[at] = first;
        start = at++;
      }
    }
    return new Program(op, a, b, start, 0, sets.toArray(new long[0][]));
  }

  /// Refuses a tree whose program would be too large, without building it.
  static void requireSize(Node root) throws RegexSyntaxException {
    long size = root.instructions();
    if (size > MAX_INSTRUCTIONS) {
      throw new RegexSyntaxException(
          "about " + size + " instructions (expected: at most " + MAX_INSTRUCTIONS + ")");
    }
  }

  int size() {
    return op.length;
  }

  /// What may come first after each way to go on.
  Firsts firsts() {
    Firsts known = firsts;
    if (known == null) {
      int[] of = new int[size()];
      Arrays.fill(of, ANY);
      List<long[]> found = new ArrayList<>();
      for (int pc = 0; pc < size(); pc++) {
        if (op[pc] == SPLIT) {
          of[a[pc]] = first(a[pc], found);
          of[b[pc]] = first(b[pc], found);
        }
      }
      known = new Firsts(of, found.toArray(new long[0][]));
      firsts = known;
    }
    return known;
  }

  private int first(int from, List<long[]> found) {
    int end = from;
    while (op[end] == SAVE) {
      end = b[end];
    }
    if (op[end] == MATCH) {
      return SURE;
    }
    long[] set = new long[4];
    return addFirst(from, new BitSet(), set) ? Builder.intern(found, set) : ANY;
  }

  /// Adds the bytes that may come first, as if every assertion held; false when a match may end.
  private boolean addFirst(int from, BitSet seen, long[] set) {
    var todo = new ArrayDeque<Integer>();
    todo.push(from);
    while (!todo.isEmpty()) {
      int pc = todo.pop();
      if (seen.get(pc)) {
        continue;
      }
      seen.set(pc);
      switch (op[pc]) {
        case MATCH -> {
          return false;
        }
        case BYTES -> {
          for (int k = 0; k < set.length; k++) {
            set[k] |= sets[a[pc]][k];
          }
        }
        case SPLIT -> {
          todo.push(a[pc]);
          todo.push(b[pc]);
        }
        default -> todo.push(b[pc]);
      }
    }
    return true;
  }

  static boolean has(long[] set, int b) {
    return (set[b >>> 6] >>> b & 1) != 0;
  }

  /// The first place from `at` on, at most `end`, where no byte of a set stands.
  static int span(long[] set, byte[] text, int at, int end) {
    int i = at;
    while (i < end && has(set, text[i] & 0xff)) {
      i++;
    }
    return i;
  }

  /// Builds from the end to the beginning, so that every target exists when it is named; only a
  /// loop is patched.
  static final class Builder {
    private final List<long[]> sets = new ArrayList<>();
    private byte[] op = new byte[64];
    private int[] a = new int[64];
    private int[] b = new int[64];
    private int size;

    int emit(byte code, int first, int second) throws RegexSyntaxException {
      if (size == op.length) {
        if (size >= 8 * MAX_INSTRUCTIONS) {
          throw new RegexSyntaxException("larger than " + 8 * MAX_INSTRUCTIONS + " instructions");
        }
        op = Arrays.copyOf(op, 2 * size);
        a = Arrays.copyOf(a, 2 * size);
        b = Arrays.copyOf(b, 2 * size);
      }
      op[size] = code;
      a[size] = first;
      b[size] = second;
      return size++;
    }

    int repeat(Node.Repeat r, int next) throws RegexSyntaxException {
      int target = next;
      if (r.max() < 0) {
        int loop = emit(SPLIT, 0, 0);
        int body = r.body().emit(this, loop);
        a[loop] = r.greedy() ? body : next;
        b[loop] = r.greedy() ? next : body;
        // x+ is the loop entered through its body, which costs no second copy.
        if (r.min() > 0) {
          target = body;
          for (int i = 1; i < r.min(); i++) {
            target = r.body().emit(this, target);
          }
          return target;
        }
        return loop;
      }
      for (int i = r.min(); i < r.max(); i++) {
        int body = r.body().emit(this, target);
        target = r.greedy() ? emit(SPLIT, body, next) : emit(SPLIT, next, body);
      }
      for (int i = 0; i < r.min(); i++) {
        target = r.body().emit(this, target);
      }
      return target;
    }

    int chars(CharSet set, int next) throws RegexSyntaxException {
      long[] ascii = new long[4];
      boolean whole = set.holdsAllBeyondAscii();
      List<int[]> wide = new ArrayList<>();
      int[] ranges = set.ranges();
      for (int i = 0; i < ranges.length; i += 2) {
        for (int c = ranges[i]; c <= Math.min(ranges[i + 1], 0x7f); c++) {
          ascii[c >>> 6] |= 1L << c;
        }
        if (ranges[i + 1] >= 0x80 && !whole) {
          Utf8.split(Math.max(ranges[i], 0x80), ranges[i + 1], wide);
        }
      }
      if (whole) {
        ascii[2] = -1;
        ascii[3] = -1;
      }
      int target = emit(BYTES, intern(ascii), next);
      for (int[] sequence : wide) {
        int step = next;
        for (int i = sequence.length - 2; i >= 0; i -= 2) {
          long[] bytes = new long[4];
          for (int c = sequence[i]; c <= sequence[i + 1]; c++) {
            bytes[c >>> 6] |= 1L << c;
          }
          step = emit(BYTES, intern(bytes), step);
        }
        target = emit(SPLIT, target, step);
      }
      return target;
    }

    private int intern(long[] set) {
      return intern(sets, set);
    }

    private static int intern(List<long[]> sets, long[] set) {
      for (int i = sets.size() - 1; i >= 0; i--) {
        if (Arrays.equals(sets.get(i), set)) {
          return i;
        }
      }
      sets.add(set);
      return sets.size() - 1;
    }
  }
}
