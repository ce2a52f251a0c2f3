package io.outrider.review.sql;

/// A statement that could not be answered, and why.
public final class SqlException extends Exception {
  private static final long serialVersionUID = 1L;

  SqlException(String message) {
    super(message);
  }
}
