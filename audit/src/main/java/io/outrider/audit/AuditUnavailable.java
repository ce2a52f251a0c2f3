package io.outrider.audit;

import java.util.Objects;

/// Why a record was not taken, and what the caller can do. The call it belongs to must not go
/// ahead.
///
/// @param detail one line for an operator, without content of the record
public record AuditUnavailable(Reason reason, String detail) {

  /// What kept the record out.
  public enum Reason {
    /// The queue is full. Nothing is broken; repeat later.
    OVERLOADED,
    /// The disk does not answer, or has no room for the next journal segment. May pass by itself.
    STALLED,
    /// An I/O error latched the log. Only a restart, with recovery, helps.
    FAILED,
    /// The log is closed or closing.
    CLOSED
  }

  public AuditUnavailable {
    Objects.requireNonNull(reason, "reason");
    Objects.requireNonNull(detail, "detail");
  }

  /// Whether the same append may succeed later in this process.
  public boolean retryable() {
    return reason == Reason.OVERLOADED || reason == Reason.STALLED;
  }
}
