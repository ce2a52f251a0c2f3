package io.outrider.app.cli;

import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.Inbox;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.SafeText;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/// Leaves a word in the log that somebody read it, before anything is shown. The one place through
/// which the commands do.
///
/// What cannot be recorded is not shown. A copy of a log, or a damaged one, can be read all the
/// same: nobody can write there.
final class ReviewRecord {
  /// Room for the other facts of the event.
  private static final int MAX_ASKED = 8_000;

  @Option(
      names = "--unrecorded",
      description =
          "Show it even where the log cannot record that it was read, as for want of space or rights; what could not be recorded is said on standard error.")
  private boolean unrecorded;

  /// Records that the log in `folder` was read.
  ///
  /// @param asked what was asked for
  /// @param count how many records or calls are given
  /// @throws Fatal if it cannot be recorded; then nothing must be shown
  void read(Terminal terminal, Path folder, String command, String asked, long count) {
    Map<String, String> facts = facts(command, asked);
    facts.put("count", Long.toString(count));
    record(terminal, folder, Event.Kind.REVIEW, facts);
  }

  /// Records that part of the log was exported.
  ///
  /// @param more further facts
  /// @throws Fatal if it cannot be recorded; then nothing must be handed out
  void exported(
      Terminal terminal, Path folder, String asked, long count, Map<String, String> more) {
    Map<String, String> facts = facts("export", asked);
    facts.put("count", Long.toString(count));
    facts.putAll(more);
    record(terminal, folder, Event.Kind.EXPORT, facts);
  }

  /// Holds what is printed until it is recorded that it was read.
  Held reading(Terminal terminal, Path folder, String command, String asked) {
    return new Held(
        terminal,
        facts -> {
          Map<String, String> all = facts(command, asked);
          all.putAll(facts);
          record(terminal, folder, Event.Kind.REVIEW, all);
        });
  }

  /// Holds what is printed until it is recorded that it was exported.
  Held exporting(Terminal terminal, Path folder, String asked, Map<String, String> more) {
    return new Held(
        terminal,
        facts -> {
          Map<String, String> all = facts("export", asked);
          all.putAll(facts);
          all.putAll(more);
          record(terminal, folder, Event.Kind.EXPORT, all);
        });
  }

  private static Map<String, String> facts(String command, String asked) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("who", System.getProperty("user.name", "unknown"));
    facts.put("command", command);
    if (!asked.isBlank()) {
      facts.put("asked", asked.length() > MAX_ASKED ? asked.substring(0, MAX_ASKED) : asked);
    }
    return facts;
  }

  private void record(Terminal terminal, Path folder, Event.Kind kind, Map<String, String> facts) {
    switch (Inbox.record(folder, new Event(kind, Instant.now(), facts))) {
      case Inbox.Recorded.Written _, Inbox.Recorded.Left _ -> {}
      case Inbox.Recorded.Frozen(String reason) -> say(terminal, reason);
      case Inbox.Recorded.NoAccess(String reason) -> {
        if (!unrecorded) {
          throw new Fatal(
              "not shown, because the log cannot record that it is read: "
                  + SafeText.of(reason)
                  + " (expected: a log that this user can write; or --unrecorded; or a copy without signing.key)");
        }
        say(terminal, reason);
      }
    }
  }

  private static void say(Terminal terminal, String reason) {
    terminal
        .err()
        .println(terminal.style().dim("this reading is not recorded: " + SafeText.of(reason)));
  }
}
