package io.outrider.app.console;

import io.outrider.audit.record.Event;
import java.util.Map;

/// Puts into the audit log that it was read.
@FunctionalInterface
public interface Ledger {
  void record(Event.Kind kind, Map<String, String> fields);
}
