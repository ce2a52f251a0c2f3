package io.outrider.redaction.match;

import java.util.Arrays;
import java.util.List;

/// Finds every occurrence of many literals in one pass, letters in either case (Aho and Corasick's
/// automaton as a dense table over classes of bytes). Immutable and thread-safe.
public final class LiteralAutomaton {
  /// Shorter texts are walked in one go. Longer than any literal, so that a walk can warm up.
  private static final int MIN_QUARTER = 64;

  private final byte[] classes = new byte[256];
  private final int stride;

  /// Row of the next state. Rows are numbered so that those at which a literal ends come last.
  private final int[] table;

  private final int firstEnding;

  /// Per ending state the literals that end there.
  private final int[][] endings;

  private final int[] lengths;
  private final int longest;

  /// @param literals ASCII in lower case, none empty; a literal's number is its index
  public LiteralAutomaton(List<String> literals) {
    this.stride = classify(literals);
    int max = 0;
    lengths = new int[literals.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = literals.get(i).length();
      max = Math.max(max, lengths[i]);
    }
    longest = max;
    var trie = new Trie(lengths);
    for (int i = 0; i < lengths.length; i++) {
      trie.add(literals.get(i), i, classes);
    }
    trie.link();
    int used = trie.used;
    int quiet = 0;
    for (int node = 0; node < used; node++) {
      quiet += trie.found[node].length == 0 ? 1 : 0;
    }
    int[] rows = new int[used];
    endings = new int[used - quiet][];
    int nextQuiet = 0;
    int nextEnding = quiet;
    for (int node : trie.order) {
      int[] found = trie.found[node];
      if (found.length == 0) {
        rows[node] = nextQuiet++ * stride;
      } else {
        endings[nextEnding - quiet] = found;
        rows[node] = nextEnding++ * stride;
      }
    }
    firstEnding = quiet * stride;
    table = new int[used * stride];
    // A row is that of the failure link, which comes earlier in the order, but for the children.
    for (int node : trie.order) {
      int row = rows[node];
      if (node != 0) {
        System.arraycopy(table, rows[trie.failure[node]], table, row, stride);
      }
      for (int child = trie.child[node]; child != 0; child = trie.sibling[child]) {
        table[row + trie.symbol[child]] = rows[child];
      }
    }
  }

  /// The literals as a tree, children as linked lists. Only there while the automaton is built.
  private static final class Trie {
    private static final int[] NONE = {};

    private final int[] child;
    private final int[] sibling;
    private final byte[] symbol;

    /// Aho and Corasick's failure links.
    private final int[] failure;

    /// Per node the literals that end there, those of its failure links included.
    private final int[][] found;

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
      found[0] = NONE;
    }

    void add(String literal, int number, byte[] classes) {
      int node = 0;
      for (int k = 0; k < literal.length(); k++) {
        byte s = classes[literal.charAt(k)];
        int next = after(node, s);
        if (next == 0) {
          next = used++;
          symbol[next] = s;
          sibling[next] = child[node];
          child[node] = next;
          found[next] = NONE;
        }
        node = next;
      }
      found[node] = joined(found[node], new int[] {number});
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
          }
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

  private int classify(List<String> literals) {
    int used = 1;
    for (String literal : literals) {
      for (int i = 0; i < literal.length(); i++) {
        char c = literal.charAt(i);
        if (c > 0x7f || (c >= 'A' && c <= 'Z')) {
          throw new IllegalArgumentException(
              "literal " + literal + " (expected: ASCII in lower case)");
        }
        if (classes[c] == 0) {
          classes[c] = (byte) used++;
          if (c >= 'a' && c <= 'z') {
            classes[c - 32] = classes[c];
          }
        }
      }
    }
    return used;
  }

  /// Length of a literal.
  public int length(int literal) {
    return lengths[literal];
  }

  /// Bytes that the table takes.
  public int bytes() {
    return 4 * table.length;
  }

  /// Whether any literal lies in `[from, to)`.
  public boolean containsAny(byte[] text, int from, int to) {
    int row = 0;
    for (int i = from; i < to; i++) {
      row = table[row + classes[text[i] & 0xff]];
      if (row >= firstEnding) {
        return true;
      }
    }
    return false;
  }

  /// Puts into `hits` every place in `[from, to)` at which a literal ends.
  ///
  /// A look-up waits for the one before it, so four walks over a quarter each take hardly longer
  /// than one. All but the first begin a little early, to know what they are in the middle of.
  public void scan(byte[] text, int from, int to, Hits hits) {
    int quarter = to - from >>> 2;
    hits.clear(this);
    if (quarter < MIN_QUARTER) {
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
    final int[] t = table;
    final byte[] cls = classes;
    final int ending = firstEnding;
    for (int i = 0; i < quarter; i++) {
      rowA = t[rowA + cls[text[from + i] & 0xff]];
      rowB = t[rowB + cls[text[b + i] & 0xff]];
      rowC = t[rowC + cls[text[c + i] & 0xff]];
      rowD = t[rowD + cls[text[d + i] & 0xff]];
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
      row = table[row + classes[text[i] & 0xff]];
    }
    return row;
  }

  private void walk(byte[] text, int start, int from, int to, Part part) {
    int row = start;
    final int[] t = table;
    final byte[] cls = classes;
    final int ending = firstEnding;
    for (int i = from; i < to; i++) {
      row = t[row + cls[text[i] & 0xff]];
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

    private final Part[] parts = {new Part(), new Part(), new Part(), new Part()};
    private int stride = 1;
    private int firstEnding;

    private void clear(LiteralAutomaton automaton) {
      stride = automaton.stride;
      firstEnding = automaton.firstEnding;
      for (Part part : parts) {
        part.clear();
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
      return (parts[part].rows[i] - firstEnding) / stride;
    }
  }

  private static final class Part {
    private static final int KEEP = 1 << 14;
    private int[] ends = new int[256];
    private int[] rows = new int[256];
    private int size;

    void clear() {
      size = 0;
      if (ends.length > KEEP) {
        ends = new int[256];
        rows = new int[256];
      }
    }

    void add(int end, int row) {
      if (size == ends.length) {
        ends = Arrays.copyOf(ends, 2 * size);
        rows = Arrays.copyOf(rows, 2 * size);
      }
      ends[size] = end;
      rows[size] = row;
      size++;
    }
  }
}
