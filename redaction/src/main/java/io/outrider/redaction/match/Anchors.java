package io.outrider.redaction.match;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Literals, one of which lies in every match of a regular expression at a known distance from its
/// start. Found by reading the syntax tree, so they hold by construction.
///
/// @param literals in lower case, but for a last letter that must be in upper case; empty when
///   there is none worth looking for
/// @param minOffset fewest bytes from the start of a match to the literal
/// @param maxOffset most bytes from the start of a match to the literal
/// @param edge what must stand before a match
/// @param before the bytes that may stand between the start of a match and the literal
/// @param first the bytes a match may begin with
/// @param toRun most bytes from the start of the literal to a long run ([Runs]) that every match
///   has; 0 also when the literal begins in the run or just behind it; -1 when there need not be
///   one
/// @param runLength fewest bytes of that run; 0 when there need not be one
/// @param tail the rest of every match, from the literal on
public record Anchors(
    List<String> literals,
    int minOffset,
    int maxOffset,
    Edge edge,
    ByteSet before,
    ByteSet first,
    int toRun,
    int runLength,
    Ahead.Tail tail) {
  static final Anchors NONE =
      new Anchors(
          List.of(), 0, 0, Edge.ANY, ByteSet.NONE, ByteSet.NONE, -1, 0, Ahead.Tail.literal(""));

  /// Where a match can start.
  public enum Edge {
    /// Anywhere.
    ANY,
    /// At the edge of a word.
    WORD,
    /// At the beginning of a line.
    LINE
  }

  /// More literals than this make the automaton grow faster than they help.
  private static final int MAX_LITERALS = 64;

  /// A literal is cut here: more letters make states, not decisions.
  private static final int MAX_LENGTH = 12;

  /// From here on a class of more than a few characters ends the literal instead of multiplying it.
  private static final int LONG_ENOUGH = 4;

  /// As many as the ways to part two words: `_`, `-` and none.
  private static final int FEW = 3;

  /// It makes no difference how much longer than this a run is.
  private static final int MAX_RUN = 64;

  /// A literal further from the start than this is no anchor.
  private static final int MAX_OFFSET = 256;

  /// The score of a literal of three letters at the start of a match: no need to look further.
  private static final int GOOD_ENOUGH = 140;

  /// One-character literals that are rare enough in text.
  private static final String RARE = "@~#%$^|`";

  static Anchors of(Node root) {
    List<Node> parts = new ArrayList<>();
    flatten(root, parts);
    List<String> best = List.of();
    int bestScore = 0;
    int at = 0;
    int bestMin = 0;
    int bestMax = 0;
    long min = 0;
    long max = 0;
    // What begins a letter later is no better.
    boolean within = false;
    for (int i = 0; i < parts.size() && max <= MAX_OFFSET; i++) {
      Node part = parts.get(i);
      if (!(part instanceof Node.Assert)) {
        if (!within) {
          List<String> literals = literals(parts, i);
          int score = score(literals, min != max, i > 0);
          if (score > bestScore) {
            best = literals;
            bestScore = score;
            at = i;
            bestMin = (int) min;
            bestMax = (int) max;
          }
        }
        within = part instanceof Node.Chars one && one.set().size() == 1;
      }
      if (bestScore >= GOOD_ENOUGH) {
        break;
      }
      min += part.minBytes();
      max += part.maxBytes();
    }
    if (bestScore == 0) {
      return NONE;
    }
    boolean[] ofRun = new boolean[parts.size()];
    for (int i = 0; i < ofRun.length; i++) {
      ofRun[i] = Runs.consistOf(ByteSet.of(parts, i, i + 1));
    }
    return new Anchors(
        best,
        bestMin,
        bestMax,
        edge(parts),
        ByteSet.of(parts, 0, at),
        ByteSet.first(parts),
        toRun(parts, at, ofRun),
        runLength(parts, at, ofRun),
        new Ahead.Tail(parts, at));
  }

  /// Most bytes from the start of a part to that of a long run that every match has, or that the
  /// part begins in or just behind; -1 when there need not be one, or it may be far.
  ///
  /// @param ofRun which parts can only be in a run
  private static int toRun(List<Node> parts, int from, boolean[] ofRun) {
    long skipped = 0;
    long most = 0;
    long least = 0;
    for (int i = from - 1; i >= 0 && ofRun[i]; i--) {
      least += parts.get(i).minBytes();
    }
    for (int i = from; i < ofRun.length; i++) {
      Node part = parts.get(i);
      if (ofRun[i]) {
        most += part.maxBytes();
        least += part.minBytes();
        if (least >= Runs.LEAST) {
          return (int) skipped;
        }
      } else {
        skipped += most + part.maxBytes();
        most = 0;
        least = 0;
        if (skipped > MAX_OFFSET) {
          return -1;
        }
      }
    }
    return -1;
  }

  /// Fewest bytes of the run that [#toRun] leads to.
  private static int runLength(List<Node> parts, int from, boolean[] ofRun) {
    long least = 0;
    for (int i = from - 1; i >= 0 && ofRun[i]; i--) {
      least += parts.get(i).minBytes();
    }
    for (int i = from; i < ofRun.length; i++) {
      if (ofRun[i]) {
        least += parts.get(i).minBytes();
      } else if (least >= Runs.LEAST) {
        break;
      } else {
        least = 0;
      }
    }
    return least < Runs.LEAST ? 0 : (int) Math.min(least, MAX_RUN);
  }

  private static Edge edge(List<Node> parts) {
    return parts.isEmpty() ? Edge.ANY : edge(parts.getFirst());
  }

  private static Edge edge(Node first) {
    // No switch over types: see Node.
    if (first instanceof Node.Assert(Node.Place place)) {
      return switch (place) {
        case WORD_EDGE -> Edge.WORD;
        case LINE_START -> Edge.LINE;
        case TEXT_START, TEXT_END, LINE_END, NOT_WORD_EDGE -> Edge.ANY;
      };
    }
    if (first instanceof Node.Group group) {
      return edge(group.body());
    }
    if (first instanceof Node.Cat(List<Node> parts)) {
      return edge(parts);
    }
    if (first instanceof Node.Alt(List<Node> branches)) {
      Edge all = edge(branches.getFirst());
      for (Node branch : branches) {
        all = edge(branch) == all ? all : Edge.ANY;
      }
      return all;
    }
    return Edge.ANY;
  }

  /// Whether there is nothing to look for.
  public boolean isEmpty() {
    return literals.isEmpty();
  }

  private static void flatten(Node node, List<Node> out) {
    if (node instanceof Node.Cat(List<Node> parts)) {
      for (Node part : parts) {
        flatten(part, out);
      }
    } else if (node instanceof Node.Group g) {
      flatten(g.body(), out);
    } else if (!(node instanceof Node.Empty)) {
      out.add(node);
    }
  }

  private static int score(List<String> literals, boolean variable, boolean inside) {
    if (literals.isEmpty()) {
      return 0;
    }
    int shortest = Integer.MAX_VALUE;
    for (String literal : literals) {
      shortest = Math.min(shortest, literal.length());
      if (literal.isEmpty() || (literal.length() == 1 && !RARE.contains(literal))) {
        return 0;
      }
    }
    int crowd = 32 - Integer.numberOfLeadingZeros(literals.size());
    return 100
        + 16 * Math.min(shortest, 6)
        - crowd
        - (variable ? 24 : 0)
        - (inside ? 4 : 0)
        - (shortest < GramFilter.LEAST ? 32 : 0);
  }

  private static List<String> literals(List<Node> parts, int from) {
    var prefixes = new Prefixes();
    for (int i = from; i < parts.size() && prefixes.isOpen(); i++) {
      parts.get(i).addTo(prefixes);
    }
    List<String> literals = prefixes.literals();
    return literals.size() < 2 ? literals : apart(literals);
  }

  /// Cuts a literal that has another one inside where that one ends. So of two literals the one
  /// that begins first never ends last, and an order of their ends is one of their beginnings as
  /// well.
  private static List<String> apart(List<String> literals) {
    List<String> cut = new ArrayList<>(literals.size());
    for (String literal : literals) {
      String letters = literal.toLowerCase(Locale.ROOT);
      int end = literal.length();
      for (String other : literals) {
        int inside = letters.indexOf(other.toLowerCase(Locale.ROOT), 1);
        if (inside > 0) {
          end = Math.min(end, inside + other.length());
        }
      }
      String kept = end == literal.length() ? literal : letters.substring(0, end);
      if (!cut.contains(kept)) {
        cut.add(kept);
      }
    }
    return cut;
  }

  /// What a match may begin with, as far as the parts that were read tell. Texts that are open may
  /// still be lengthened; closed ones may not.
  static final class Prefixes {
    private List<String> open = new ArrayList<>(4);
    private final List<String> closed = new ArrayList<>(4);

    Prefixes() {
      open.add("");
    }

    private Prefixes(List<String> open) {
      this.open.addAll(open);
    }

    boolean isOpen() {
      return !open.isEmpty();
    }

    /// The literals without those that start with another one; none when there are too many, or one
    /// is empty.
    List<String> literals() {
      close();
      List<String> kept = new ArrayList<>(closed.size());
      for (String literal : closed) {
        if (literal.isEmpty() || closed.size() > MAX_LITERALS) {
          return List.of();
        }
        boolean needless = kept.contains(literal);
        for (String other : closed) {
          needless |= other.length() < literal.length() && literal.startsWith(other);
        }
        if (!needless) {
          kept.add(literal);
        }
      }
      return kept;
    }

    void thenAnyOf(List<Node> branches) {
      List<String> before = open;
      int closedBefore = closed.size();
      open = new ArrayList<>();
      for (Node branch : branches) {
        add(before, branch, false);
      }
      undoIfTooMany(before, closedBefore);
    }

    /// Adds what the texts become when a branch follows them.
    private void add(List<String> before, Node branch, boolean closes) {
      var one = new Prefixes(before);
      branch.addTo(one);
      if (closes) {
        one.close();
      }
      open.addAll(one.open);
      closed.addAll(one.closed);
    }

    /// Takes the texts as they were, and closes them, when what followed made too many of them.
    private void undoIfTooMany(List<String> before, int closedBefore) {
      if (open.size() + closed.size() > MAX_LITERALS) {
        closed.subList(closedBefore, closed.size()).clear();
        closed.addAll(before);
        open = new ArrayList<>(4);
      }
    }

    void thenRepeat(Node.Repeat r) {
      if (r.min() == 0) {
        List<String> before = List.copyOf(open);
        int closedBefore = closed.size();
        add(before, r.body(), r.max() != 1);
        undoIfTooMany(before, closedBefore);
        List<String> kept = new ArrayList<>(open.size());
        for (String text : open) {
          if (!startsWithClosed(text)) {
            kept.add(text);
          }
        }
        open = kept;
        return;
      }
      for (int i = 0; i < Math.min(r.min(), MAX_LENGTH + 1) && isOpen(); i++) {
        r.body().addTo(this);
      }
      if (r.max() != r.min() || r.min() > MAX_LENGTH) {
        close();
      }
    }

    /// A text that starts with a closed one has nothing to add, however it goes on.
    private boolean startsWithClosed(String text) {
      for (String other : closed) {
        if (text.startsWith(other)) {
          return true;
        }
      }
      return false;
    }

    void thenChars(CharSet set) {
      if (set.size() == 1 && set.ranges()[0] > 0x7f) {
        thenBytes(new String(Character.toChars(set.ranges()[0])).getBytes(StandardCharsets.UTF_8));
        return;
      }
      String letters = set.letters();
      if (letters.isEmpty() || open.size() * letters.length() + closed.size() > MAX_LITERALS) {
        close();
        return;
      }
      List<String> longer = new ArrayList<>(open.size() * letters.length());
      for (String text : open) {
        if (text.length() >= MAX_LENGTH
            || (letters.length() > FEW && text.length() >= LONG_ENOUGH)) {
          closed.add(text);
          continue;
        }
        String before = lower(text);
        if (letters.length() == 1) {
          longer.add(before.concat(letters));
          continue;
        }
        for (int i = 0; i < letters.length(); i++) {
          longer.add(before.concat(letters.substring(i, i + 1)));
        }
      }
      open = longer;
    }

    /// A character beyond ASCII, in the bytes that [LiteralAutomaton] takes its own for.
    private void thenBytes(byte[] bytes) {
      var seen = new StringBuilder(4);
      for (byte b : bytes) {
        char c = (char) (b & 0x7f);
        seen.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c));
      }
      List<String> longer = new ArrayList<>(open.size());
      for (String text : open) {
        if (text.length() >= MAX_LENGTH) {
          closed.add(text);
        } else {
          longer.add(lower(text).concat(seen.toString()));
        }
      }
      open = longer;
    }

    /// Only the last letter may be one in upper case.
    private static String lower(String text) {
      int last = text.length() - 1;
      if (last < 0) {
        return text;
      }
      char c = text.charAt(last);
      return c >= 'A' && c <= 'Z' ? text.toLowerCase(Locale.ROOT) : text;
    }

    private void close() {
      closed.addAll(open);
      open = new ArrayList<>(4);
    }
  }
}
