package io.outrider.audit;

import io.outrider.audit.record.AuditRecord;

/// Appends for tests in other packages, one after the other.
public final class Waiting {
  private Waiting() {}

  /// Appends a record and waits until it is durable.
  ///
  /// @return its index
  public static long append(AuditLog log, AuditRecord record) {
    Listening told = new Listening();
    log.append(record, Runnable::run, told);
    return told.index();
  }
}
