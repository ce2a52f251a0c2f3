package io.outrider.redaction.match;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What may stand in the few bytes after a literal that begins expressions, or the rest of them:
/// the first byte, and given that, each other by itself. Most words of prose that look like the
/// beginning of a match are refused here, with one branch for all bytes and before any automaton is
/// woken. It may take what no expression does, never the other way round. Thread-safe; built when
/// the first text has the literal.
public final class Ahead {
  /// Bytes that are looked at: the first, and as many more as a byte has bits.
  private static final int BYTES = 9;

  /// Whether anything may follow is not known beyond so many different first bytes.
  private static final int MOST_ROWS = 100;

  /// Rows of the table that are always there, after the one of the first bytes.
  private static final int NOTHING = 1;

  private static final int ANYTHING = 2;

  private static final long[] ALL = {-1, -1, -1, -1};

  private final List<Tail> tails;
  private final String literal;

  /// Rows of one byte for each byte. The first row says which row holds for the others, by the
  /// first byte after the literal; that one says at which distances a byte must not stand, as bits.
  private volatile byte @Nullable [] table;

  /// What begins with a literal: the part of an expression from there on, or the literal and
  /// whatever comes after it.
  public static final class Tail {
    private final List<Node> parts;
    private final int from;
    private final String literal;

    /// @param parts of the expression, which nobody changes from here on
    Tail(List<Node> parts, int from) {
      this.parts = parts;
      this.from = from;
      this.literal = "";
    }

    private Tail(String literal) {
      this.parts = List.of();
      this.from = 0;
      this.literal = literal;
    }

    /// A literal after which anything may stand.
    public static Tail literal(String literal) {
      return new Tail(literal);
    }

    /// @param bytes so many at the beginning count
    private Program program(int bytes) {
      if (parts.isEmpty()) {
        List<long[]> letters = new ArrayList<>(literal.length());
        for (int i = 0; i < literal.length(); i++) {
          letters.add(letter(literal.charAt(i)));
        }
        return Program.sequence(letters);
      }
      try {
        return Program.compile(new Node.Cat(parts.subList(from, parts.size())).shortened(bytes), 0);
      } catch (RegexSyntaxException e) {
        throw new IllegalStateException("the size was checked when the pattern was read", e);
      }
    }
  }

  /// @param tails what must be the rest of a match, one of them; not copied
  /// @param literal what all of them begin with, in lower case but for the last letter: an
  ///   upper-case one stands for itself
  public Ahead(List<Tail> tails, String literal) {
    this.tails = tails;
    this.literal = literal;
  }

  /// What must come after a literal that several begin with, for any of them.
  static Ahead family(List<Ahead> members, String literal) {
    List<Tail> all = new ArrayList<>();
    for (Ahead member : members) {
      all.addAll(member.tails);
    }
    return new Ahead(all, literal);
  }

  /// Whether a match may go on at `at`, where the literal ended, in a text that ends at `to`.
  public boolean allows(byte[] text, int at, int to) {
    if (at + BYTES > to) {
      return true;
    }
    byte[] t = known();
    int row = t[text[at] & 0xff] << 8;
    return ((t[row + (text[at + 1] & 0xff)] & 1)
            | (t[row + (text[at + 2] & 0xff)] & 1 << 1)
            | (t[row + (text[at + 3] & 0xff)] & 1 << 2)
            | (t[row + (text[at + 4] & 0xff)] & 1 << 3)
            | (t[row + (text[at + 5] & 0xff)] & 1 << 4)
            | (t[row + (text[at + 6] & 0xff)] & 1 << 5)
            | (t[row + (text[at + 7] & 0xff)] & 1 << 6)
            | (t[row + (text[at + 8] & 0xff)] & 1 << 7))
        == 0;
  }

  /// What may come first.
  ByteSet firsts() {
    long[] may = new long[4];
    for (Tail tail : tails) {
      Program program = tail.program(literal.length() + 1);
      State here = afterLiteral(program);
      if (here.ended) {
        return ByteSet.ALL;
      }
      long[] allowed = here.allowed(program);
      for (int k = 0; k < may.length; k++) {
        may[k] |= allowed[k];
      }
    }
    return new ByteSet(may);
  }

  /// What the tails have in common with a program, as far as so many bytes after the literal tell.
  private Program program(int bytes) {
    List<Program> programs = new ArrayList<>(tails.size());
    for (Tail tail : tails) {
      programs.add(tail.program(literal.length() + bytes));
    }
    return Program.union(programs);
  }

  private State afterLiteral(Program program) {
    State here = new State();
    here.follow(program, program.start);
    for (int i = 0; i < literal.length(); i++) {
      here = here.after(program, letter(literal.charAt(i)));
      // All of the literal is in every match, so only after its last letter may one end.
      here.ended &= i == literal.length() - 1;
    }
    return here;
  }

  private byte[] known() {
    byte[] t = table;
    if (t == null) {
      t = build();
      table = t;
    }
    return t;
  }

  private byte[] build() {
    byte[] rows = new byte[(ANYTHING + 1) << 8];
    Arrays.fill(rows, NOTHING << 8, ANYTHING << 8, (byte) -1);
    Program program = program(BYTES);
    State here = afterLiteral(program);
    Map<State, Integer> known = new HashMap<>();
    for (int b = 0; b < 256; b++) {
      long[] one = new long[4];
      one[b >>> 6] = 1L << b;
      State next = here.after(program, one);
      Integer row = next.isDead() ? Integer.valueOf(NOTHING) : known.get(next);
      if (row == null && known.size() == MOST_ROWS) {
        row = ANYTHING;
      } else if (row == null) {
        row = rows.length >> 8;
        known.put(next, row);
        rows = Arrays.copyOf(rows, rows.length + 256);
        next.write(program, rows, row << 8);
      }
      rows[b] = (byte) (int) row;
    }
    return rows;
  }

  /// The bytes that are taken for a letter of a literal.
  private static long[] letter(char c) {
    long[] set = new long[4];
    for (int b : new int[] {c, c >= 'a' && c <= 'z' ? c - 32 : c}) {
      set[b >>> 6] |= 1L << b;
      set[(b | 0x80) >>> 6] |= 1L << b;
    }
    return set;
  }

  /// What is alive at a place, as if every assertion held.
  private static final class State {
    private final BitSet alive = new BitSet();

    /// Whether a match may end here, so that anything may follow.
    private boolean ended;

    boolean isDead() {
      return alive.isEmpty() && !ended;
    }

    /// Adds all that an instruction leads to without consuming.
    void follow(Program program, int from) {
      var todo = new ArrayDeque<Integer>();
      todo.push(from);
      while (!todo.isEmpty()) {
        int pc = todo.pop();
        if (alive.get(pc)) {
          continue;
        }
        alive.set(pc);
        switch (program.op[pc]) {
          case Program.BYTES -> {}
          case Program.MATCH -> ended = true;
          case Program.SPLIT -> {
            todo.push(program.a[pc]);
            todo.push(program.b[pc]);
          }
          default -> todo.push(program.b[pc]);
        }
      }
    }

    /// What is alive after one byte out of a set.
    State after(Program program, long[] set) {
      var next = new State();
      next.ended = ended;
      for (int pc = alive.nextSetBit(0); pc >= 0; pc = alive.nextSetBit(pc + 1)) {
        if (program.op[pc] == Program.BYTES && meet(program.sets[program.a[pc]], set)) {
          next.follow(program, program.b[pc]);
        }
      }
      return next;
    }

    /// The bytes that may stand here.
    long[] allowed(Program program) {
      long[] allowed = new long[4];
      for (int pc = alive.nextSetBit(0); pc >= 0; pc = alive.nextSetBit(pc + 1)) {
        if (program.op[pc] == Program.BYTES) {
          for (int k = 0; k < allowed.length; k++) {
            allowed[k] |= program.sets[program.a[pc]][k];
          }
        }
      }
      return allowed;
    }

    /// Writes down which bytes may not stand at each distance from here.
    void write(Program program, byte[] rows, int row) {
      State here = this;
      for (int distance = 0; distance < Byte.SIZE && !here.ended; distance++) {
        long[] allowed = here.allowed(program);
        for (int b = 0; b < 256; b++) {
          if (!Program.has(allowed, b)) {
            rows[row + b] |= (byte) (1 << distance);
          }
        }
        here = here.after(program, ALL);
      }
    }

    private static boolean meet(long[] a, long[] b) {
      return ((a[0] & b[0]) | (a[1] & b[1]) | (a[2] & b[2]) | (a[3] & b[3])) != 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof State s && s.ended == ended && s.alive.equals(alive);
    }

    @Override
    public int hashCode() {
      return alive.hashCode() * 31 + Boolean.hashCode(ended);
    }
  }
}
