package io.outrider.review.query;

/// What a record says in numbers.
public enum Measure {
  /// Wall clock in milliseconds since 1970.
  TIME(1, "time"),
  /// From the arrival of a call to the end of the reply, in microseconds.
  LATENCY(2, "latency"),
  /// How long a call waited for its turn, in microseconds.
  WAIT(3, "wait"),
  /// Values that were redacted, in the request and in the answer.
  REDACTIONS(4, "redactions"),
  /// Bytes of the answer.
  BYTES(5, "bytes");

  private final int code;
  private final String slug;

  Measure(int code, String slug) {
    this.code = code;
    this.slug = slug;
  }

  /// The number in the index; never changes without a new schema version.
  public int code() {
    return code;
  }

  public String slug() {
    return slug;
  }
}
