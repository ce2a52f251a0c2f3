package io.outrider.policy.syntax;

import java.util.Objects;

/// A stretch of a source text: from `start` (inclusive) to `end` (exclusive), in UTF-16 units.
public record Span(Source source, int start, int end) {
  public Span {
    Objects.requireNonNull(source, "source");
    if (start < 0 || end < start) {
      throw new IllegalArgumentException(
          "span: " + start + ".." + end + " (expected: 0 <= start <= end)");
    }
  }

  public String file() {
    return source.name();
  }

  /// One-based line of the start.
  public int row() {
    return source.row(start);
  }

  /// One-based column of the start, in code points.
  public int col() {
    return source.col(start);
  }

  /// One-based line of the last character.
  public int endRow() {
    return source.row(Math.max(start, end - 1));
  }

  /// One-based column after the last character, in code points.
  public int endCol() {
    return source.col(Math.max(start, end - 1)) + (end > start ? 1 : 0);
  }

  /// The text covered.
  public String text() {
    return source.text().substring(start, Math.min(end, source.text().length()));
  }

  /// The whole line on which the span starts.
  public String line() {
    return source.line(row());
  }

  /// From the start of this to the end of `last`.
  public Span to(Span last) {
    return new Span(source, start, Math.max(end, last.end));
  }

  @Override
  public String toString() {
    return file() + ":" + row();
  }
}
