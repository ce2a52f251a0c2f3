package io.outrider.audit.verify;

/// What a verification came to, with the exit code that says so.
public enum Verdict {
  /// Everything a signed checkpoint covers is there, unchanged and in order.
  OK("ok", 0, 4),
  /// Something was changed, removed, inserted or reordered after it was signed, or a signature is
  /// wrong.
  TAMPERED("tampered", 1, 0),
  /// There is no log here, or it cannot be read.
  UNREADABLE("unreadable", 2, 1),
  /// Nothing was changed, but the record has holes: calls without an outcome, counters that do not
  /// add up.
  INCOMPLETE("incomplete", 3, 2),
  /// Nothing was changed or left out, but nobody else vouches for it, or not recently enough.
  NOT_ANCHORED("not anchored", 4, 3);

  private final String slug;
  private final int exitCode;
  private final int rank;

  Verdict(String slug, int exitCode, int rank) {
    this.slug = slug;
    this.exitCode = exitCode;
    this.rank = rank;
  }

  public String slug() {
    return slug;
  }

  public int exitCode() {
    return exitCode;
  }

  int rank() {
    return rank;
  }
}
