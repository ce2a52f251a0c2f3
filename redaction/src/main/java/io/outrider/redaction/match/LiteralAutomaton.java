package io.outrider.redaction.match;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds every occurrence of many literals in one pass, letters in either case (Aho and Corasick's
/// automaton as a dense table over classes of bytes). Immutable and thread-safe.
public final class LiteralAutomaton {
  private final byte[] classes = new byte[256];
  private final int stride;

  /// Row of the next state. Rows are numbered so that those at which a literal ends come last.
  private final int[] table;

  private final int firstEnding;

  /// Per ending state the literals that end there.
  private final int[][] endings;

  private final int[] lengths;

  /// Takes what a scan finds.
  @FunctionalInterface
  public interface Hits {
    /// One literal ends just before `end`.
    void hit(int literal, int end);
  }

  /// @param literals ASCII in lower case, none empty; a literal's number is its index
  public LiteralAutomaton(List<String> literals) {
    this.stride = classify(literals);
    int nodes = 1;
    lengths = new int[literals.size()];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = literals.get(i).length();
      nodes += lengths[i];
    }
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

  /// Reports every literal in `[from, to)`, in the order of their ends.
  public void scan(byte[] text, int from, int to, Hits hits) {
    int row = 0;
    final int[] t = table;
    final byte[] cls = classes;
    final int ending = firstEnding;
    for (int i = from; i < to; i++) {
      row = t[row + cls[text[i] & 0xff]];
      if (row >= ending) {
        for (int literal : endings[(row - ending) / stride]) {
          hits.hit(literal, i + 1);
        }
      }
    }
  }
}
