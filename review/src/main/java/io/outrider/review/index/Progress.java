package io.outrider.review.index;

/// Told how far the index has come.
@FunctionalInterface
public interface Progress {
  /// Nobody watches.
  Progress NONE = (done, total) -> {};

  /// Called after each batch.
  ///
  /// @param done records in the index
  /// @param total records in the log, as far as they are published
  void at(long done, long total);
}
