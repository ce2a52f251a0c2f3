package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.Inbox;
import io.outrider.audit.drill.Drill;
import io.outrider.audit.drill.DrillReport;
import io.outrider.audit.drill.DrillReport.Trial;
import io.outrider.audit.drill.Tampered;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "drill",
    mixinStandardHelpOptions = true,
    description = {
      "Tamper with copies of the log in every way there is, and show that each is detected.",
      "The copies are in memory; the log is only read, and its private key not even that. That a drill took place is recorded."
    },
    footer =
        "Exit status: 0 all detected, 1 something went undetected, 2 the log itself is not intact or cannot be read.")
final class AuditDrillCommand implements Callable<Integer> {
  private static final int WHAT = 76;
  private static final int BY = 100;

  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The log's public key, or a file with it. Default: the one in the folder.")
  private @Nullable String key;

  @Option(
      names = "--max-size",
      paramLabel = "MIB",
      description =
          "How much of the log to copy; of a larger log the beginning is drilled. Default: ${DEFAULT-VALUE}")
  private int maxSize = (int) (Drill.DEFAULT_LIMIT >> 20);

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Choose the same records and bits as the drill that printed this seed.")
  private @Nullable Long seed;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "Write the spoilt copies into this new folder, to be checked by other tools. They are as confidential as the log.")
  private @Nullable Path out;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditDrillCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (maxSize < 1 || maxSize > 1_024) {
      throw new Fatal("--max-size: " + maxSize + " (expected: 1 to 1024 MiB)");
    }
    LogSource source = folder.source(terminal);
    DrillReport report;
    try {
      if (out != null) {
        SpoiltCopies.newFolder(terminal.resolve(out));
      }
      VerifierKey verifier = AuditFolder.key(terminal, key, source);
      report =
          Drill.run(
              source,
              verifier,
              (long) maxSize << 20,
              seed == null ? new SecureRandom().nextLong() : seed,
              this::ended);
    } catch (FormatException e) {
      throw new Fatal("the log is not intact: " + SafeText.of(String.valueOf(e.getMessage())));
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    } catch (UncheckedIOException e) {
      throw new Fatal(Messages.of(new IOException(e.getMessage(), e)));
    }
    record(report);
    if (format == OutputFormat.json) {
      terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(json(report))));
    } else {
      print(report);
    }
    return !report.isMeaningful()
        ? ExitCode.USAGE
        : report.allDetected() ? ExitCode.FINE : ExitCode.WRONG;
  }

  /// Shows a trial as it ends, and writes its copy where one is wanted.
  private void ended(Trial trial, Tampered spoilt) {
    if (out != null) {
      try {
        SpoiltCopies.write(terminal.resolve(out).resolve(trial.name()), spoilt);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (format == OutputFormat.pretty) {
      Style style = terminal.style();
      terminal
          .out()
          .println(
              (trial.detected() ? style.good("detected  ") : style.bad("UNDETECTED"))
                  + "  "
                  + style.dim(Integer.toString(trial.verdict().exitCode()))
                  + "  "
                  + SafeText.of(trial.what(), WHAT)
                  + (trial.insider() ? style.warn(" [has the key]") : ""));
      terminal
          .out()
          .println(
              "               "
                  + style.dim(trial.by().isEmpty() ? "nothing" : SafeText.of(trial.by(), BY)));
    }
  }

  private void record(DrillReport report) throws ConfigException {
    Map<String, String> facts = new TreeMap<>();
    facts.put("who", System.getProperty("user.name", "unknown"));
    facts.put("command", "audit drill");
    facts.put("records", Long.toString(report.records()));
    facts.put("tampered", Integer.toString(report.trials().size()));
    facts.put("detected", Long.toString(report.detected()));
    facts.put("baseline", report.baseline().verdict().slug());
    Path log = folder.path(terminal);
    Optional<String> reason =
        switch (Inbox.record(log, new Event(Event.Kind.DRILL, Instant.now(), facts))) {
          case Inbox.Recorded.Written _, Inbox.Recorded.Left _ -> Optional.empty();
          case Inbox.Recorded.NoAccess(String why) -> Optional.of(why);
          case Inbox.Recorded.Frozen(String why) -> Optional.of(why);
        };
    reason.ifPresent(why ->
        terminal
            .err()
            .println(terminal.style().dim("this drill is not recorded: " + SafeText.of(why))));
  }

  private void print(DrillReport report) {
    Style style = terminal.style();
    if (!report.isMeaningful()) {
      terminal
          .out()
          .println(
              style.bad("NOT INTACT")
                  + "  the untouched copy is "
                  + report.baseline().verdict().slug()
                  + "; see outrider audit verify");
      report
          .baseline()
          .problems()
          .forEach(problem -> terminal.out().println("  " + SafeText.of(problem.toString())));
      return;
    }
    terminal.out().println();
    terminal
        .out()
        .println(
            (report.allDetected() ? style.good("OK") : style.bad("UNDETECTED TAMPERING"))
                + "  "
                + report.detected()
                + " of "
                + Cli.count(report.trials().size(), "tampering")
                + " detected, on "
                + (report.records() < report.total()
                    ? "the first "
                        + Cli.count(report.records(), "record")
                        + " of "
                        + report.total()
                        + " (signed with a key made for the drill)"
                    : "all " + Cli.count(report.records(), "record")));
    report
        .impossible()
        .forEach((name, why) ->
            terminal.out().println(style.dim("  not possible here: " + name + ", " + why)));
    terminal.out().println(style.dim("  seed " + report.seed()));
    if (out != null) {
      terminal
          .out()
          .println(
              style.dim(
                  "  copies in "
                      + out
                      + "; check one with: outrider audit verify NAME/log --key NAME/key"
                      + " [--since NAME/saved-checkpoint]"));
    }
  }

  private static Map<String, Object> json(DrillReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("all_detected", report.allDetected());
    json.put("baseline", report.baseline().verdict().slug());
    json.put("records", report.records());
    json.put("records_in_log", report.total());
    json.put("seed", report.seed());
    json.put("tampered", report.trials().size());
    json.put("detected", report.detected());
    json.put("trials", report.trials().stream().map(AuditDrillCommand::json).toList());
    json.put("not_possible", new TreeMap<>(report.impossible()));
    json.put("problems", report.baseline().problems().stream().map(Object::toString).toList());
    return json;
  }

  private static Map<String, Object> json(Trial trial) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", trial.name());
    json.put("has_key", trial.insider());
    json.put("what", trial.what());
    json.put("detected", trial.detected());
    json.put("by", trial.by());
    json.put("exit_code", trial.verdict().exitCode());
    return json;
  }
}
