package io.outrider.redaction.match;

import java.util.List;

/// The syntax tree of a regular expression.
sealed interface Node {
  /// Matches the empty text.
  record Empty() implements Node {}

  /// Matches one character out of a set.
  record Chars(CharSet set) implements Node {}

  /// Matches its parts one after the other.
  record Cat(List<Node> parts) implements Node {}

  /// Matches one of its branches; an earlier one is preferred.
  record Alt(List<Node> branches) implements Node {}

  /// Matches its body from `min` to `max` times; `max` is -1 for no limit.
  record Repeat(Node body, int min, int max, boolean greedy) implements Node {}

  /// Remembers where its body matched.
  record Group(Node body, int index) implements Node {}

  /// Matches a place rather than text.
  record Assert(Place place) implements Node {}

  /// Places an assertion can name.
  enum Place {
    TEXT_START,
    TEXT_END,
    LINE_START,
    LINE_END,
    WORD_EDGE,
    NOT_WORD_EDGE
  }

  /// Fewest bytes a match has.
  default int minBytes() {
    return switch (this) {
      case Empty e -> 0;
      case Assert a -> 0;
      case Chars c -> 1;
      case Group g -> g.body().minBytes();
      case Cat c -> sum(c.parts());
      case Alt a -> a.branches().stream().mapToInt(Node::minBytes).min().orElse(0);
      case Repeat r -> saturate((long) r.min() * r.body().minBytes());
    };
  }

  /// Most bytes a match has; `Integer.MAX_VALUE` when there is no limit.
  default int maxBytes() {
    return switch (this) {
      case Empty e -> 0;
      case Assert a -> 0;
      case Chars c ->
          c.set().isEmpty()
                  || c.set().ranges()[c.set().ranges().length - 1] < 0x80
                  || c.set().holdsAllBeyondAscii()
              ? 1
              : 4;
      case Group g -> g.body().maxBytes();
      case Cat c -> {
        long total = 0;
        for (Node part : c.parts()) {
          total += part.maxBytes();
        }
        yield saturate(total);
      }
      case Alt a -> a.branches().stream().mapToInt(Node::maxBytes).max().orElse(0);
      case Repeat r ->
          r.max() < 0
              ? (r.body().maxBytes() == 0 ? 0 : Integer.MAX_VALUE)
              : saturate((long) r.max() * r.body().maxBytes());
    };
  }

  private static int sum(List<Node> parts) {
    long total = 0;
    for (Node part : parts) {
      total += part.minBytes();
    }
    return saturate(total);
  }

  private static int saturate(long value) {
    return (int) Math.min(value, Integer.MAX_VALUE);
  }
}
