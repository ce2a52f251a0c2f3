package io.outrider.review.query;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What a reviewer asks for. Every term must fit.
///
/// @param text as it was asked, for people and for the record of who asked
public record Query(String text, List<Term> terms) {

  /// Asks for everything.
  public static final Query ALL = new Query("", List.of());

  public Query {
    terms = List.copyOf(terms);
  }

  /// Reads a query such as `user:alice tool:github.* verdict:deny since:-7d`.
  ///
  /// @param now what relative times are counted from
  /// @throws QueryException if it cannot be read; says where
  public static Query parse(String text, Instant now) throws QueryException {
    return new Query(text, new QueryParser(text, now).terms());
  }

  /// This query, narrowed by one more term.
  public Query and(Term term) {
    List<Term> more = new ArrayList<>(terms);
    more.add(term);
    return new Query(text, more);
  }

  /// This query, narrowed to a period.
  ///
  /// @param from inclusive
  /// @param until exclusive
  public Query within(Instant from, Instant until) {
    return and(
        new Term.Between(Measure.TIME, from.toEpochMilli(), until.toEpochMilli() - 1, false));
  }
}
