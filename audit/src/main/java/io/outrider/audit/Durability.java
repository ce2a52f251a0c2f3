package io.outrider.audit;

/// When an append is acknowledged, named for what is given up.
public enum Durability {
  /// After `fdatasync`. An acknowledged record survives the death of the process and of the
  /// machine.
  GROUP,
  /// As soon as the record is queued. The death of the process loses what was still in the queue (a
  /// few milliseconds in order); the death of the machine also loses what was written but not yet
  /// synced (at most about a tenth of a second in order, more under load).
  ASYNC
}
