package io.outrider.redaction.match;

import java.util.ArrayList;
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
    int nodes = 1;
    int max = 0;
    lengths = new int[literals.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = literals.get(i).length();
      nodes += lengths[i];
      max = Math.max(max, lengths[i]);
    }
    longest = max;
    int[] go = new int[nodes * stride];
    List<List<Integer>> found = new ArrayList<>();
    found.add(List.of());
    int used = 1;
    for (int i = 0; i < literals.size(); i++) {
      int node = 0;
      String literal = literals.get(i);
      for (int k = 0; k < literal.length(); k++) {
        int cell = node * stride + (classes[literal.charAt(k)] & 0xff);
        if (go[cell] == 0) {
          go[cell] = used++;
          found.add(List.of());
        }
        node = go[cell];
      }
      List<Integer> more = new ArrayList<>(found.get(node));
      more.add(i);
      found.set(node, more);
    }
    int[] order = closeUnderFailure(go, used, found);
    int quiet = 0;
    for (int node = 0; node < used; node++) {
      quiet += found.get(node).isEmpty() ? 1 : 0;
    }
    int[] renumbered = new int[used];
    int nextQuiet = 0;
    int nextEnding = quiet;
    for (int node : order) {
      renumbered[node] = found.get(node).isEmpty() ? nextQuiet++ : nextEnding++;
    }
    table = new int[used * stride];
    endings = new int[used - quiet][];
    for (int node = 0; node < used; node++) {
      for (int c = 0; c < stride; c++) {
        table[renumbered[node] * stride + c] = renumbered[go[node * stride + c]] * stride;
      }
      if (!found.get(node).isEmpty()) {
        endings[renumbered[node] - quiet] =
            found.get(node).stream().mapToInt(Integer::intValue).toArray();
      }
    }
    firstEnding = quiet * stride;
  }

  /// Makes every cell of the trie a state, by Aho and Corasick's failure links; returns the nodes
  /// breadth first.
  private int[] closeUnderFailure(int[] go, int used, List<List<Integer>> found) {
    int[] failure = new int[used];
    int[] queue = new int[used];
    int tail = 1;
    for (int head = 0; head < tail; head++) {
      int node = queue[head];
      for (int c = 0; c < stride; c++) {
        int cell = node * stride + c;
        int child = go[cell];
        int fallback = node == 0 ? 0 : go[failure[node] * stride + c];
        if (child == 0) {
          go[cell] = fallback;
        } else {
          failure[child] = fallback;
          if (!found.get(fallback).isEmpty()) {
            List<Integer> more = new ArrayList<>(found.get(child));
            more.addAll(found.get(fallback));
            found.set(child, more);
          }
          queue[tail++] = child;
        }
      }
    }
    return Arrays.copyOf(queue, tail);
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
