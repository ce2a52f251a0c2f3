package io.outrider.review.query;

/// A query that cannot be read.
public final class QueryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String query;
  private final int at;

  QueryException(String query, int at, String message) {
    super(message);
    this.query = query;
    this.at = at;
  }

  /// Position in the query, in characters.
  public int at() {
    return at;
  }

  /// The message, below it the query with a caret where the reading stopped.
  public String withCaret() {
    return getMessage() + "\n  " + query.replaceAll("\\s", " ") + "\n  " + " ".repeat(at) + "^";
  }
}
