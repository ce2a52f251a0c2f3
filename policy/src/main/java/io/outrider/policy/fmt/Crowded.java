package io.outrider.policy.fmt;

/// A comment stands where the layout has no place for it: a second one on a line, or one inside of
/// what becomes a single line. Whatever surrounds it is then copied as it was.
final class Crowded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Where the copied text ends; -1 while nothing has been copied.
  private int copiedTo = -1;

  Crowded() {
    super(null, null, false, false);
  }

  Crowded copiedTo(int end) {
    copiedTo = Math.max(copiedTo, end);
    return this;
  }

  int copiedTo() {
    return copiedTo;
  }
}
