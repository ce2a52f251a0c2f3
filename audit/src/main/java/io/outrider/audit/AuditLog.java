package io.outrider.audit;

import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.AuditRecord;
import java.util.concurrent.Executor;

/// The audit log of one Outrider process. Thread-safe; one process per folder.
///
/// A record passes four moments. *Queued*: it is in memory and dies with the process. *Written*: it
/// is in the page cache and dies with the machine. *Synced*: `fdatasync` has returned and only the
/// disk itself can lose it; under [Durability#GROUP] this is when the listener hears of it.
/// *Checkpointed*: a signed checkpoint covers it (about a second later), and from then on a change
/// to it, or its absence, can be shown to others.
public final class AuditLog implements AutoCloseable {

  private AuditLog() {}

  /// Opens or creates the log: checks the folder's rights, takes the lock, makes the signing key on
  /// first use, repairs a torn tail, closes calls a crash left open as `indeterminate`, and records
  /// the start.
  ///
  /// @throws AuditException if the log cannot be opened, or if going on would hide damage
  public static AuditLog open(AuditOptions options) throws AuditException {
    throw new UnsupportedOperationException("not yet: " + options);
  }

  /// Hands over one record. Never blocks and never throws for a reason of the log's own.
  ///
  /// @param ackOn where `listener` is told; all acknowledgements of one group commit for one
  ///   executor come in one task
  /// @param listener told exactly once
  public void append(AuditRecord record, Executor ackOn, AppendListener listener) {
    throw new UnsupportedOperationException("not yet: " + record);
  }

  /// How the log is now.
  public Health health() {
    throw new UnsupportedOperationException("not yet");
  }

  /// The key with which anyone can check this log.
  public VerifierKey publicKey() {
    throw new UnsupportedOperationException("not yet");
  }

  /// Refuses new appends, writes what is queued, records the stop and signs a last checkpoint.
  /// Blocks until done.
  @Override
  public void close() {}
}
