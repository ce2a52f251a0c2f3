package io.outrider.audit;

/// The log took the record.
///
/// @param index position of the record in the log, from 0; [#UNASSIGNED] in [Durability#ASYNC],
///   where the position is not yet known when the append is acknowledged
public record Receipt(long index) {

  public static final long UNASSIGNED = -1;

  /// Whether the position is known.
  public boolean isAssigned() {
    return index != UNASSIGNED;
  }
}
