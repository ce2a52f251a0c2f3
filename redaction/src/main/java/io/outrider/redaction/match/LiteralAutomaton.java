package io.outrider.redaction.match;

import java.util.Arrays;
import java.util.List;

/// Finds every occurrence of many literals in one pass, letters in either case (Aho and Corasick's
/// automaton as a dense table). Immutable and thread-safe.
///
/// A byte beyond ASCII is taken for the one with its high bit cleared. So a literal that is there
/// is always found, and one that is found may, rarely, not be there.
public final class LiteralAutomaton {
  /// Shorter texts are walked in one go, as are those with a quarter shorter than a literal: a walk
  /// could not warm up.
  private static final int MIN_QUARTER = 64;

  /// Cells of a row: one for each byte of ASCII, so that a step needs one look-up.
  private static final int ROW = 128;

  private static final int SHIFT = 7;
  private static final int[] NONE = {};

  /// The next state. States are numbered so that those at which a literal ends come last. Two bytes
  /// each: what a text visits most should fit into the nearest cache.
  private final char[] table;

  private final int firstEnding;

  /// Per ending state the literals that end there.
  private final int[][] endings;

  private final int[] lengths;
  private final int longest;

  /// Per state the length of the longest beginning of a literal that the text ends in, and of one
  /// that is marked and goes on.
  private final byte[] depths;

  private final byte[] markedDepths;

  /// @param literals ASCII, none empty, in lower case but for the last letter: an upper-case one
  ///   stands for itself alone. A literal's number is its index.
  public LiteralAutomaton(List<String> literals) {
    this(literals, new boolean[literals.size()]);
  }

  /// @param marked the literals that [#begunMarked] is about
  public LiteralAutomaton(List<String> literals, boolean[] marked) {
    int max = 0;
    lengths = new int[literals.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = literals.get(i).length();
      max = Math.max(max, lengths[i]);
    }
    longest = max;
    var trie = new Trie(lengths);
    for (int i = 0; i < lengths.length; i++) {
      trie.add(literals.get(i), i, marked[i]);
    }
    trie.link();
    int quiet = 0;
    int ending = 0;
    for (int node = 0; node < trie.used; node++) {
      quiet += trie.found[node].length == 0 ? 1 : 0;
      ending += trie.found[node].length == 0 ? 0 : 1;
      ending += trie.hasTwin(node) ? 1 : 0;
    }
    if (quiet + ending > Character.MAX_VALUE) {
      throw new IllegalArgumentException(
          "states: " + (quiet + ending) + " (expected: at most " + (int) Character.MAX_VALUE + ")");
    }
    firstEnding = quiet;
    endings = new int[ending][];
    table = new char[(quiet + ending) * ROW];
    // State of each node, and its state after an upper-case letter.
    char[] state = new char[trie.used];
    char[] twin = new char[trie.used];
    int nextQuiet = 0;
    int nextEnding = quiet;
    for (int node : trie.order) {
      int number = trie.found[node].length == 0 ? nextQuiet++ : nextEnding++;
      if (number >= quiet) {
        endings[number - quiet] = trie.found[node];
      }
      state[node] = (char) number;
      twin[node] = (char) number;
      if (trie.hasTwin(node)) {
        endings[nextEnding - quiet] = trie.foundUpper[node];
        twin[node] = (char) nextEnding++;
      }
    }
    depths = new byte[quiet + ending];
    markedDepths = new byte[quiet + ending];
    for (int node : trie.order) {
      for (int child = trie.child[node]; child != 0; child = trie.sibling[child]) {
        int here = state[child];
        depths[here] = (byte) Math.min(depths[state[node]] + 1, Byte.MAX_VALUE);
        depths[twin[child]] = depths[here];
        markedDepths[here] =
            trie.leadsToMarked[child] ? depths[here] : markedDepths[state[trie.failure[child]]];
        markedDepths[twin[child]] = markedDepths[here];
      }
    }
    // A row is that of the failure link, which comes earlier in the order, but for the children.
    for (int node : trie.order) {
      int row = state[node] << SHIFT;
      if (node != 0) {
        System.arraycopy(table, state[trie.failure[node]] << SHIFT, table, row, ROW);
      }
      for (int child = trie.child[node]; child != 0; child = trie.sibling[child]) {
        byte symbol = trie.symbol[child];
        table[row + symbol] = state[child];
        if (symbol >= 'a' && symbol <= 'z') {
          table[row + symbol - 32] = twin[child];
        }
      }
      if (twin[node] != state[node]) {
        System.arraycopy(table, row, table, twin[node] << SHIFT, ROW);
      }
    }
  }

  /// The literals as a tree, children as linked lists. Only there while the automaton is built.
  private static final class Trie {
    private final int[] child;
    private final int[] sibling;
    private final byte[] symbol;

    /// Aho and Corasick's failure links.
    private final int[] failure;

    /// Per node the literals that end there, those of its failure links included: after a letter in
    /// lower case, and in upper case.
    private final int[][] found;

    private final int[][] foundUpper;

    /// Whether a marked literal ends there, and below.
    private final boolean[] marked;

    private final boolean[] leadsToMarked;

    /// The nodes breadth first.
    private int[] order = NONE;

    private int used = 1;

    Trie(int[] lengths) {
      int nodes = 1;
      for (int length : lengths) {
        nodes += length;
      }
      child = new int[nodes];
      sibling = new int[nodes];
      symbol = new byte[nodes];
      failure = new int[nodes];
      found = new int[nodes][];
      foundUpper = new int[nodes][];
      marked = new boolean[nodes];
      leadsToMarked = new boolean[nodes];
      found[0] = NONE;
      foundUpper[0] = NONE;
    }

    boolean hasTwin(int node) {
      return foundUpper[node].length > found[node].length;
    }

    void add(String literal, int number, boolean isMarked) {
      int node = 0;
      int last = literal.length() - 1;
      boolean upper = literal.charAt(last) >= 'A' && literal.charAt(last) <= 'Z';
      for (int k = 0; k <= last; k++) {
        char c = literal.charAt(k);
        if (k == last && upper) {
          c += 32;
        }
        if (c > 0x7f || (c >= 'A' && c <= 'Z')) {
          throw new IllegalArgumentException(
              "literal " + literal + " (expected: ASCII in lower case)");
        }
        int next = after(node, (byte) c);
        if (next == 0) {
          next = used++;
          symbol[next] = (byte) c;
          sibling[next] = child[node];
          child[node] = next;
          found[next] = NONE;
          foundUpper[next] = NONE;
        }
        node = next;
      }
      marked[node] |= isMarked;
      int[] own = {number};
      foundUpper[node] = joined(foundUpper[node], own);
      if (!upper) {
        found[node] = joined(found[node], own);
      }
    }

    private int after(int node, byte s) {
      int next = child[node];
      while (next != 0 && symbol[next] != s) {
        next = sibling[next];
      }
      return next;
    }

    void link() {
      order = new int[used];
      int tail = 1;
      for (int head = 0; head < tail; head++) {
        int node = order[head];
        for (int c = child[node]; c != 0; c = sibling[c]) {
          order[tail++] = c;
          if (node != 0) {
            int fallback = failure[node];
            int next = after(fallback, symbol[c]);
            while (next == 0 && fallback != 0) {
              fallback = failure[fallback];
              next = after(fallback, symbol[c]);
            }
            failure[c] = next;
            found[c] = joined(found[c], found[next]);
            foundUpper[c] = joined(foundUpper[c], foundUpper[next]);
          }
        }
      }
      for (int i = used - 1; i >= 0; i--) {
        int node = order[i];
        for (int c = child[node]; c != 0; c = sibling[c]) {
          leadsToMarked[node] |= marked[c] || leadsToMarked[c];
        }
      }
    }

    private static int[] joined(int[] first, int[] second) {
      if (second.length == 0 || first.length == 0) {
        return first.length == 0 ? second : first;
      }
      int[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }
  }

  /// Length of a literal.
  public int length(int literal) {
    return lengths[literal];
  }

  /// Bytes that the table takes.
  public int bytes() {
    return 2 * table.length;
  }

  /// Whether any literal lies in `[from, to)`.
  public boolean containsAny(byte[] text, int from, int to) {
    int row = 0;
    for (int i = from; i < to; i++) {
      // Exact, beyond ASCII too: what is found here makes a secret none.
      row = text[i] < 0 ? 0 : table[(row << SHIFT) + text[i]];
      if (row >= firstEnding) {
        return true;
      }
    }
    return false;
  }

  /// Bytes at the end of `[from, to)` that may be the beginning of a literal.
  public int begun(byte[] text, int from, int to) {
    return Math.min(depths[atEnd(text, from, to)], to - from);
  }

  /// Bytes at the end of `[from, to)` that may be the beginning of a marked literal, which goes on.
  public int begunMarked(byte[] text, int from, int to) {
    return Math.min(markedDepths[atEnd(text, from, to)], to - from);
  }

  private int atEnd(byte[] text, int from, int to) {
    int row = 0;
    for (int i = Math.max(from, to - longest); i < to; i++) {
      row = table[(row << SHIFT) + (text[i] & 0x7f)];
    }
    return row;
  }

  /// Puts into `hits` every place in `[from, to)` at which a literal ends.
  ///
  /// A look-up waits for the one before it, so four walks over a quarter each take hardly longer
  /// than one. All but the first begin a little early, to know what they are in the middle of.
  public void scan(byte[] text, int from, int to, Hits hits) {
    int quarter = to - from >>> 2;
    hits.clear(this, to - from);
    if (quarter < Math.max(MIN_QUARTER, longest)) {
      walk(text, 0, from, to, hits.parts[0]);
      return;
    }
    int b = from + quarter;
    int c = b + quarter;
    int d = c + quarter;
    int rowA = 0;
    int rowB = warm(text, b);
    int rowC = warm(text, c);
    int rowD = warm(text, d);
    final char[] t = table;
    final int ending = firstEnding;
    for (int i = 0; i < quarter; i++) {
      rowA = t[(rowA << SHIFT) + (text[from + i] & 0x7f)];
      rowB = t[(rowB << SHIFT) + (text[b + i] & 0x7f)];
      rowC = t[(rowC << SHIFT) + (text[c + i] & 0x7f)];
      rowD = t[(rowD << SHIFT) + (text[d + i] & 0x7f)];
      if (rowA >= ending) {
        hits.parts[0].add(from + i + 1, rowA);
      }
      if (rowB >= ending) {
        hits.parts[1].add(b + i + 1, rowB);
      }
      if (rowC >= ending) {
        hits.parts[2].add(c + i + 1, rowC);
      }
      if (rowD >= ending) {
        hits.parts[3].add(d + i + 1, rowD);
      }
    }
    walk(text, rowD, d + quarter, to, hits.parts[3]);
  }

  /// The row after the bytes just before `at`. The range of a scan is never shorter than the way
  /// back.
  private int warm(byte[] text, int at) {
    int row = 0;
    for (int i = at - longest; i < at; i++) {
      row = table[(row << SHIFT) + (text[i] & 0x7f)];
    }
    return row;
  }

  private void walk(byte[] text, int start, int from, int to, Part part) {
    int row = start;
    final char[] t = table;
    final int ending = firstEnding;
    for (int i = from; i < to; i++) {
      row = t[(row << SHIFT) + (text[i] & 0x7f)];
      if (row >= ending) {
        part.add(i + 1, row);
      }
    }
  }

  /// Number of states at which a literal ends.
  public int endingStates() {
    return endings.length;
  }

  /// The literals that end at such a state.
  public int[] endings(int state) {
    return endings[state];
  }

  /// Where literals ended, in four parts, each in order and after the one before. Reusable, not
  /// thread-safe.
  public static final class Hits {
    /// Number of parts.
    public static final int PARTS = 4;

    private static final int KEEP = 1 << 14;

    private final Part[] parts = {new Part(), new Part(), new Part(), new Part()};
    private int firstEnding;

    private void clear(LiteralAutomaton automaton, int length) {
      firstEnding = automaton.firstEnding;
      for (Part part : parts) {
        part.clear(Math.max(KEEP, length >>> 3));
      }
    }

    /// Number of hits in a part.
    public int size(int part) {
      return parts[part].size;
    }

    /// One past the last byte of the literals of a hit.
    public int end(int part, int i) {
      return parts[part].ends[i];
    }

    /// The state of a hit, which says which literals they are.
    public int state(int part, int i) {
      return parts[part].states[i] - firstEnding;
    }
  }

  private static final class Part {
    private int[] ends = new int[256];
    private int[] states = new int[256];
    private int size;

    void clear(int keep) {
      size = 0;
      if (ends.length > keep) {
        ends = new int[256];
        states = new int[256];
      }
    }

    void add(int end, int state) {
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, 2 * size);
        states = Arrays.copyOf(states, 2 * size);
      }
      ends[size] = end;
      states[size] = state;
      size++;
    }
  }
}
