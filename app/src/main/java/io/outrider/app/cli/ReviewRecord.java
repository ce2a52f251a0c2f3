package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import io.outrider.audit.Inbox;
import io.outrider.audit.record.Event;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Leaves a word in the log that somebody read it. The one place through which the commands do.
final class ReviewRecord {
  /// Room for the other facts of the event.
  private static final int MAX_ASKED = 8_000;

  private ReviewRecord() {}

  /// Records that the log in `folder` was read. A folder that cannot be written, such as a copy,
  /// holds nobody up: that is said, and nothing more.
  ///
  /// @param asked what was asked for
  /// @param count how many records or calls were given
  static void read(Terminal terminal, Path folder, String command, String asked, long count) {
    record(terminal, folder, Event.Kind.REVIEW, facts(command, asked, count));
  }

  /// Records that part of the log was exported.
  ///
  /// @param more further facts
  static void exported(
      Terminal terminal, Path folder, String asked, long count, Map<String, String> more) {
    Map<String, String> facts = facts("export", asked, count);
    facts.putAll(more);
    record(terminal, folder, Event.Kind.EXPORT, facts);
  }

  private static Map<String, String> facts(String command, String asked, long count) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("who", System.getProperty("user.name", "unknown"));
    facts.put("command", command);
    if (!asked.isBlank()) {
      facts.put("asked", asked.length() > MAX_ASKED ? asked.substring(0, MAX_ASKED) : asked);
    }
    facts.put("count", Long.toString(count));
    return facts;
  }

  private static void record(
      Terminal terminal, Path folder, Event.Kind kind, Map<String, String> facts) {
    if (Inbox.record(folder, new Event(kind, Instant.now(), facts))
        instanceof Inbox.Recorded.NoAccess(String reason)) {
      terminal.err().println(terminal.style().dim("this reading is not recorded: " + reason));
    }
  }
}
