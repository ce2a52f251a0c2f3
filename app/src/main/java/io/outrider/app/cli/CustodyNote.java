package io.outrider.app.cli;

import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.Inbox;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// The options of commands that change what a log keeps, and the way such a change takes: the
/// command asks, the writer of the log judges, does it, and records both.
final class CustodyNote {
  /// A writer looks once a second; one that has not by then is in trouble.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long POLL_MILLIS = 50;

  @Option(
      names = "--by",
      paramLabel = "NAME",
      description = "Who decides this. Default: the user of the system.")
  private @Nullable String by;

  @Option(
      names = "--second",
      paramLabel = "NAME",
      description = "A second person who agreed; another than the first.")
  private @Nullable String second;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  boolean json() {
    return format == OutputFormat.json;
  }

  /// Asks for a change, waits until it is done or refused, and says which.
  ///
  /// @param done what to say when it was done, given the record that says so
  /// @return the exit status
  int ask(
      Terminal terminal,
      Path log,
      Event.Kind kind,
      Map<String, String> facts,
      LongFunction<String> done) {
    Map<String, String> all = new LinkedHashMap<>(facts);
    String user = System.getProperty("user.name", "unknown");
    all.put(CustodyEvent.BY, by == null ? user : by);
    all.put("who", user);
    if (second != null) {
      if (second
          .strip()
          .equalsIgnoreCase(Objects.requireNonNull(all.get(CustodyEvent.BY)).strip())) {
        throw new Fatal("--second: " + second + " (expected: another person than --by)");
      }
      all.put(CustodyEvent.SECOND, second);
    }
    LogSource source = LogSource.folder(log);
    try {
      AuditTail tail = AuditTail.last(source, 0);
      Leaf leaf =
          switch (Inbox.record(log, new Event(kind, Instant.now(), all))) {
            case Inbox.Recorded.Written(long index) ->
                CustodyRecords.leaf(source, index)
                    .orElseThrow(() -> new IOException("record " + index + " cannot be read back"));
            case Inbox.Recorded.Left(String note) -> await(source, tail, note);
            case Inbox.Recorded.NoAccess(String reason) -> throw new Fatal(reason);
            case Inbox.Recorded.Frozen(String reason) -> throw new Fatal(reason);
          };
      return say(terminal, leaf, done);
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    } catch (IllegalArgumentException e) {
      throw new Fatal(String.valueOf(e.getMessage()));
    }
  }

  /// Waits until the process that has the log has done what the note asks.
  private static Leaf await(LogSource source, AuditTail tail, String note)
      throws IOException, FormatException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    Optional<Leaf> found = Optional.empty();
    while (System.nanoTime() < until) {
      for (List<LogEntry> some = tail.poll();
          found.isEmpty() && !some.isEmpty();
          some = tail.poll()) {
        found =
            some.stream()
                .map(LogEntry::leaf)
                .filter(leaf -> leaf.text("f." + InboxNote.NOTE).equals(Optional.of(note)))
                .findFirst();
      }
      if (found.isPresent() && !source.list("inbox").contains(note + ".note")) {
        return found.get();
      }
      try {
        TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new Fatal(
        "the process that has the log open has "
            + (found.isPresent() ? "recorded this and not finished it" : "not taken this")
            + " yet; it stays in the log's inbox as "
            + note
            + ".note and will be done");
  }

  private int say(Terminal terminal, Leaf leaf, LongFunction<String> done) {
    Optional<String> refused = leaf.text("f." + CustodyEvent.REFUSED);
    if (json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("done", refused.isEmpty());
      json.put("record", leaf.index());
      json.put("event", leaf.text("ev").orElse(""));
      json.put("facts", leaf.fields().get("f"));
      terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(json)));
    } else if (refused.isEmpty()) {
      terminal
          .out()
          .println(
              terminal.style().good("done")
                  + ": "
                  + done.apply(leaf.index())
                  + ", as record "
                  + leaf.index()
                  + " says");
    } else {
      terminal
          .err()
          .println(
              terminal.style().bad("refused")
                  + ": "
                  + SafeText.of(refused.get())
                  + "; record "
                  + leaf.index()
                  + " says so");
    }
    return refused.isEmpty() ? ExitCode.FINE : ExitCode.WRONG;
  }
}
