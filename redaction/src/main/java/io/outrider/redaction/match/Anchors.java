package io.outrider.redaction.match;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Literals, one of which lies in every match of a regular expression at a known distance from its
/// start. Found by reading the syntax tree, so they hold by construction.
///
/// @param literals in lower case; empty when there is none worth looking for
/// @param minOffset fewest bytes from the start of a match to the literal
/// @param maxOffset most bytes from the start of a match to the literal
/// @param edge what must stand before a match
/// @param before the bytes that may stand between the start of a match and the literal
/// @param first the bytes a match may begin with
public record Anchors(
    List<String> literals, int minOffset, int maxOffset, Edge edge, ByteSet before, ByteSet first) {
  static final Anchors NONE = new Anchors(List.of(), 0, 0, Edge.ANY, ByteSet.NONE, ByteSet.NONE);

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
  private static final int MAX_LENGTH = 10;

  /// From here on a class of characters ends the literal instead of multiplying it.
  private static final int LONG_ENOUGH = 4;

  /// A literal further from the start than this is no anchor.
  private static final int MAX_OFFSET = 256;

  /// One-character literals that are rare enough in text.
  private static final String RARE = "@~#%$^|`";

  static Anchors of(Node root) {
    List<Node> parts = new ArrayList<>();
    flatten(root, parts);
    Edge edge = edge(parts);
    Anchors best = NONE;
    int bestScore = 0;
    long min = 0;
    long max = 0;
    for (int i = 0; i < parts.size() && max <= MAX_OFFSET; i++) {
      if (!(parts.get(i) instanceof Node.Assert)) {
        List<String> literals = literals(parts.subList(i, parts.size()));
        int score = score(literals, min != max, i > 0);
        if (score > bestScore) {
          bestScore = score;
          best =
              new Anchors(
                  literals,
                  (int) min,
                  (int) max,
                  edge,
                  ByteSet.of(parts.subList(0, i)),
                  ByteSet.first(parts));
        }
      }
      min += parts.get(i).minBytes();
      max += parts.get(i).maxBytes();
    }
    return best;
  }

  private static Edge edge(List<Node> parts) {
    if (parts.isEmpty() || !(parts.getFirst() instanceof Node.Assert(Node.Place place))) {
      return Edge.ANY;
    }
    return switch (place) {
      case WORD_EDGE -> Edge.WORD;
      case LINE_START -> Edge.LINE;
      case TEXT_START, TEXT_END, LINE_END, NOT_WORD_EDGE -> Edge.ANY;
    };
  }

  /// Whether there is nothing to look for.
  public boolean isEmpty() {
    return literals.isEmpty();
  }

  private static void flatten(Node node, List<Node> out) {
    switch (node) {
      case Node.Cat c -> c.parts().forEach(part -> flatten(part, out));
      case Node.Group g -> flatten(g.body(), out);
      case Node.Repeat r when r.min() == 1 && r.max() == 1 -> flatten(r.body(), out);
      case Node.Empty e -> {}
      case Node.Alt a -> out.add(a);
      case Node.Chars c -> out.add(c);
      case Node.Assert a -> out.add(a);
      case Node.Repeat r -> out.add(r);
    }
  }

  private static int score(List<String> literals, boolean variable, boolean inside) {
    if (literals.isEmpty()) {
      return 0;
    }
    int shortest = literals.stream().mapToInt(String::length).min().orElse(0);
    if (shortest == 0
        || (shortest == 1
            && !literals.stream().allMatch(l -> l.length() > 1 || RARE.contains(l)))) {
      return 0;
    }
    int score =
        100 + 16 * Math.min(shortest, 6) - (32 - Integer.numberOfLeadingZeros(literals.size()));
    return score - (variable ? 24 : 0) - (inside ? 4 : 0);
  }

  private static List<String> literals(List<Node> parts) {
    State state = State.start();
    for (Node part : parts) {
      if (state.open.isEmpty()) {
        break;
      }
      state = state.then(part);
    }
    Set<String> all = new LinkedHashSet<>(state.open);
    all.addAll(state.closed);
    if (all.contains("") || all.size() > MAX_LITERALS) {
      return List.of();
    }
    // A literal that starts with another one adds nothing.
    List<String> kept = new ArrayList<>();
    for (String literal : all) {
      if (all.stream().noneMatch(other -> !other.equals(literal) && literal.startsWith(other))) {
        kept.add(literal);
      }
    }
    return kept;
  }

  /// What a match may begin with so far.
  ///
  /// @param open texts that what follows may still lengthen
  /// @param closed texts that cannot be lengthened
  private record State(Set<String> open, Set<String> closed) {
    static State start() {
      return new State(Set.of(""), Set.of());
    }

    State then(Node node) {
      return switch (node) {
        case Node.Empty e -> this;
        case Node.Assert a -> this;
        case Node.Group g -> then(g.body());
        case Node.Chars c -> thenChars(c.set());
        case Node.Cat c -> {
          State state = this;
          for (Node part : c.parts()) {
            if (state.open.isEmpty()) {
              break;
            }
            state = state.then(part);
          }
          yield state;
        }
        case Node.Alt a -> {
          State state = new State(Set.of(), closed);
          for (Node branch : a.branches()) {
            state = state.or(new State(open, Set.of()).then(branch));
          }
          yield state.size() > MAX_LITERALS ? close() : state;
        }
        case Node.Repeat r -> thenRepeat(r);
      };
    }

    private State thenRepeat(Node.Repeat r) {
      if (r.min() == 0) {
        State once = new State(open, Set.of()).then(r.body());
        State with = r.max() == 1 ? once : once.close();
        State both = new State(open, closed).or(with);
        return both.size() > MAX_LITERALS ? close() : both;
      }
      State state = this;
      for (int i = 0; i < Math.min(r.min(), MAX_LENGTH + 1) && !state.open.isEmpty(); i++) {
        state = state.then(r.body());
      }
      return r.max() == r.min() && r.min() <= MAX_LENGTH ? state : state.close();
    }

    private State thenChars(CharSet set) {
      List<String> letters = foldedAscii(set);
      if (letters.isEmpty() || open.size() * letters.size() + closed.size() > MAX_LITERALS) {
        return close();
      }
      Set<String> longer = new LinkedHashSet<>();
      Set<String> done = new LinkedHashSet<>(closed);
      for (String text : open) {
        if (text.length() >= MAX_LENGTH || (letters.size() > 1 && text.length() >= LONG_ENOUGH)) {
          done.add(text);
          continue;
        }
        for (String letter : letters) {
          longer.add(text + letter);
        }
      }
      return new State(longer, done);
    }

    private State or(State other) {
      Set<String> o = new LinkedHashSet<>(open);
      o.addAll(other.open);
      Set<String> c = new LinkedHashSet<>(closed);
      c.addAll(other.closed);
      return new State(o, c);
    }

    private State close() {
      Set<String> c = new LinkedHashSet<>(closed);
      c.addAll(open);
      return new State(Set.of(), c);
    }

    private int size() {
      return open.size() + closed.size();
    }

    /// The members in lower case; empty when there are too many, or one lies beyond ASCII.
    private static List<String> foldedAscii(CharSet set) {
      int[] ranges = set.ranges();
      if (ranges.length == 0 || ranges[ranges.length - 1] > 0x7f || set.size() > 20) {
        return List.of();
      }
      Set<String> letters = new LinkedHashSet<>();
      for (int i = 0; i < ranges.length; i += 2) {
        for (int c = ranges[i]; c <= ranges[i + 1]; c++) {
          letters.add(String.valueOf((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
        }
      }
      return letters.size() > 10 ? List.of() : List.copyOf(letters);
    }
  }
}
