package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.Durations;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.CustodyRecords;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PruneRange;
import io.outrider.audit.verify.SafeText;
import io.outrider.sinks.Export;
import io.outrider.sinks.SinkPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "prune",
    mixinStandardHelpOptions = true,
    description = {
      "Drop old records, in whole bundles of 256, from the beginning of the log. All proofs about the rest stay valid, and verify knows that it was allowed.",
      "Stops before the first record under a legal hold. Refuses while a receiver of audit.export lacks what would go. Works while the proxy runs."
    },
    footer =
        "Exit status: 0 done, or nothing to do; 1 refused, or a hold keeps all that would go; 2 not possible.")
final class AuditPruneCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final CustodyNote note = new CustodyNote();

  @Option(
      names = "--before",
      paramLabel = "TIME",
      description = "Drop records from before this time (2026-11-20T12:00:00Z).")
  private @Nullable String before;

  @Option(
      names = "--keep",
      paramLabel = "TIME",
      description = "Keep the records of this long, such as 400d.")
  private @Nullable String keep;

  @Option(names = "--dry-run", description = "Only say what would go.")
  private boolean dryRun;

  @Option(
      names = "--even-unsent",
      description = "Drop records that a receiver of audit.export has not got, too.")
  private boolean evenUnsent;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      description = "Why; stands in the log. Default: ${DEFAULT-VALUE}")
  private String reason = "retention";

  AuditPruneCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    Instant time = time(Instant.now());
    LogSource source = folder.source(terminal);
    PruneRange range;
    Optional<Custody.Hold> held;
    try {
      PruneRange all = PruneRange.before(source, time, Long.MAX_VALUE);
      held =
          CustodyRecords.read(source).holds().stream()
              .min(Comparator.comparingLong(Custody.Hold::first))
              .filter(hold -> hold.first() < all.minimum());
      range = PruneRange.before(source, time, held.map(Custody.Hold::first).orElse(Long.MAX_VALUE));
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    if (dryRun || range.records() == 0) {
      return say(range, time, held);
    }
    held.ifPresent(hold -> {
      if (!note.json()) {
        terminal.err().println(terminal.style().warn("note") + ": " + what(hold));
      }
    });
    unsent(folder.path(terminal), range.minimum()).ifPresent(AuditPruneCommand::refuse);
    return note.ask(
        terminal,
        folder.path(terminal),
        Event.Kind.PRUNE,
        Map.of(
            CustodyEvent.MINIMUM,
            Long.toString(range.minimum()),
            CustodyEvent.REASON,
            reason,
            "before",
            time.toString(),
            "records",
            Long.toString(range.records()),
            "bytes",
            Long.toString(range.bytes())),
        by -> what(range) + " dropped, " + range.bytes() + " bytes freed");
  }

  /// The receiver that is furthest behind, if it lacks records before `minimum`.
  private Optional<SinkPosition> unsent(Path log, long minimum) {
    if (evenUnsent) {
      return Optional.empty();
    }
    try {
      return Export.positions(log).stream()
          .filter(sink -> sink.next() < minimum)
          .min(Comparator.comparingLong(SinkPosition::next));
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private static void refuse(SinkPosition sink) {
    throw new Fatal(
        "receiver '%s' of audit.export has the records before %s only (expected: all that would go; --even-unsent drops them all the same; remove export/%s.* in the log's folder if it is no longer in use)"
            .formatted(
                SafeText.of(sink.name()),
                sink.next() < 0 ? "nobody knows which" : Long.toString(sink.next()),
                SafeText.of(sink.name())));
  }

  private static String what(PruneRange range) {
    return Cli.count(range.records(), "record")
        + " ("
        + range.first()
        + ".."
        + (range.minimum() - 1)
        + ")";
  }

  private static String what(Custody.Hold hold) {
    return "records from %d on stay, under legal hold %d (\"%s\")"
        .formatted(
            hold.first(),
            hold.id(),
            SafeText.of(hold.event().facts().getOrDefault(CustodyEvent.REASON, ""), 200));
  }

  private int say(PruneRange range, Instant time, Optional<Custody.Hold> held) {
    if (note.json()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("done", false);
      json.put("before", time.toString());
      json.put("first", range.first());
      json.put("minimum", range.minimum());
      json.put("records", range.records());
      json.put("bytes", range.bytes());
      held.ifPresent(hold -> json.put("hold", hold.id()));
      terminal.out().println(JsonMapper.shared().writeValueAsString(json));
    } else if (range.records() == 0 && held.isPresent()) {
      terminal.out().println("nothing dropped: " + what(held.get()));
    } else if (range.records() == 0) {
      terminal.out().println("nothing to drop: no full bundle of records from before " + time);
    } else {
      terminal
          .out()
          .println(
              "would drop "
                  + what(range)
                  + " and free "
                  + range.bytes()
                  + " bytes"
                  + held.map(hold -> "; " + what(hold)).orElse(""));
    }
    return range.records() == 0 && held.isPresent() ? ExitCode.WRONG : ExitCode.FINE;
  }

  private Instant time(Instant now) {
    if (keep != null && before == null) {
      return Durations.parse(keep)
          .map(now::minus)
          .orElseThrow(() -> new Fatal("--keep: " + keep + " (expected: such as 400d)"));
    }
    if (before == null || keep != null) {
      throw new Fatal("give one of --before TIME and --keep TIME");
    }
    try {
      return Instant.parse(before);
    } catch (DateTimeException e) {
      throw new Fatal("--before: " + before + " (expected: such as 2026-11-20T12:00:00Z)");
    }
  }
}
