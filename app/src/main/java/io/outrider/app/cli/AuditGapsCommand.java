package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.Durations;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.Gaps;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "gaps",
    mixinStandardHelpOptions = true,
    description = {
      "Name what is missing in the story the log tells.",
      "Calls without an outcome, outcomes without a call, runs without start or stop,",
      "counters that do not add up, records that could not be written. And what to know besides: silences, jumps of the clock, unclean ends.",
      "Reads every record, without an index. Whether they are the records that were signed is for verify."
    },
    footer = "Exit status: 0 nothing is missing, 2 unreadable, 3 something is missing.")
final class AuditGapsCommand implements Callable<Integer> {
  /// The exit status that verify has for the same finding.
  private static final int INCOMPLETE = 3;

  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Option(
      names = "--silence",
      paramLabel = "TIME",
      description =
          "Name a longer time without any record while the proxy ran; it records a heartbeat every five minutes. Default: ${DEFAULT-VALUE}")
  private String silence = "11m";

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditGapsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    Duration longest =
        Durations.parse(silence)
            .orElseThrow(
                () -> new Fatal("--silence: " + silence + " (expected: a time such as 11m)"));
    LongConsumer progress =
        terminal.interactive()
            ? records -> terminal.err().printf("\r%,d records read", records)
            : records -> {};
    Gaps.Report report;
    try {
      report = Gaps.find(folder.source(terminal), longest, progress);
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    if (terminal.interactive()) {
      terminal.err().print("\r\u001b[K");
    }
    record.read(terminal, folder.path(terminal), "gaps", "", report.count());
    if (format == OutputFormat.json) {
      terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(json(report))));
    } else {
      print(report);
    }
    return report.isComplete() ? ExitCode.FINE : INCOMPLETE;
  }

  private void print(Gaps.Report report) {
    Style style = terminal.style();
    for (Gaps.Gap gap : report.gaps()) {
      terminal
          .out()
          .println(
              String.format(Locale.ROOT, "%8d  ", gap.index())
                  + RowTable.time(gap.time() == null ? null : gap.time().toString())
                  + "  "
                  + (gap.missing() ? style.bad("missing") : style.warn("note   "))
                  + "  "
                  + SafeText.of(gap.what(), 200));
    }
    if (report.count() > report.gaps().size()) {
      terminal.out().println("and " + (report.count() - report.gaps().size()) + " more");
    }
    terminal
        .out()
        .println(
            (report.isComplete() ? style.good("nothing is missing") : style.bad("incomplete"))
                + " in "
                + Cli.count(report.records() - report.first(), "record")
                + (report.first() > 0 ? " from record " + report.first() + " on" : "")
                + (report.inFlight() > 0
                    ? ", " + Cli.count(report.inFlight(), "call") + " in flight"
                    : ""));
  }

  private static Map<String, Object> json(Gaps.Report report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("complete", report.isComplete());
    json.put("first", report.first());
    json.put("records", report.records() - report.first());
    json.put("in_flight", report.inFlight());
    json.put("count", report.count());
    json.put(
        "gaps",
        report.gaps().stream()
            .map(gap -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("missing", gap.missing());
              if (gap.index() >= 0) {
                one.put("record", gap.index());
              }
              if (gap.time() != null) {
                one.put("time", gap.time().toString());
              }
              one.put("what", gap.what());
              return one;
            })
            .toList());
    return json;
  }
}
