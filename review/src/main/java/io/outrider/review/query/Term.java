package io.outrider.review.query;

import java.util.List;

/// One condition of a query.
public sealed interface Term {

  /// Whether records are wanted that do not fit.
  boolean negated();

  /// A field has one of these values; `*` stands for any text.
  record Names(Field field, List<String> patterns, boolean negated) implements Term {
    public Names {
      patterns = List.copyOf(patterns);
      if (patterns.isEmpty()) {
        throw new IllegalArgumentException("patterns: none (expected: at least one)");
      }
    }
  }

  /// Some name, reason or fact contains this text; the case of ASCII letters does not matter.
  record Words(String text, boolean negated) implements Term {}

  /// A number lies between two others, both included. A record without it does not fit.
  record Between(Measure measure, long low, long high, boolean negated) implements Term {}

  /// The record, or the call it belongs to, stands between two indices of the log, both included.
  record Indices(long first, long last, boolean negated) implements Term {}

  /// The record is of one of these calls.
  record Calls(List<String> ids, boolean negated) implements Term {
    public Calls {
      ids = List.copyOf(ids);
    }
  }
}
