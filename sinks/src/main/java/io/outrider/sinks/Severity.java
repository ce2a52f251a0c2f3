package io.outrider.sinks;

/// How loud a receiver that sorts by loudness should take a record.
public enum Severity {
  /// Business as usual.
  INFO,
  /// A call was refused, or something happened that a person may want to see.
  WARNING,
  /// Evidence is missing.
  ERROR
}
