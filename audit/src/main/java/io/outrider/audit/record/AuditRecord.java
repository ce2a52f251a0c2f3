package io.outrider.audit.record;

import java.time.Instant;

/// One thing that happened, as it is handed to the audit log. Immutable; each kind checks itself
/// when it is built.
///
/// A call leaves exactly two records when it was let through ([Intent], then [Outcome]) and exactly
/// one when it was not ([Refusal]). Everything that is not a call is an [Event].
public sealed interface AuditRecord permits Intent, Outcome, Refusal, Event {

  /// Wall clock of the moment the record speaks of. The order of records is their position in the
  /// log, never this.
  Instant time();
}
