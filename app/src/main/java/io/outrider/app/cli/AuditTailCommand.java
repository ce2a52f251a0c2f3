package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditTail;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    description = "Show the last records and, with --follow, those that come.")
final class AuditTailCommand implements Callable<Integer> {
  /// Below what a person notices.
  private static final long POLL_MILLIS = 200;

  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Mixin private final AuditFilter filter = new AuditFilter();

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      description = "How many of the last records to look at. Default: ${DEFAULT-VALUE}")
  private int lines = 10;

  @Option(
      names = {"-F", "--follow"},
      description = "Go on with new records until interrupted.")
  private boolean follow;

  @Option(
      names = {"-f", "--format"},
      description = "pretty, or json: one record a line. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditTailCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (lines < 0) {
      throw new Fatal("--lines: " + lines + " (expected: >= 0)");
    }
    LogSource source = folder.source(terminal);
    Instant now = Instant.now();
    Predicate<LogEntry> matcher = AuditQuery.matcher(filter.filter(now));
    String command = follow ? "tail --follow" : "tail";
    long shown = 0;
    try (Held held = record.reading(terminal, folder.path(terminal), command, filter.asked(now))) {
      PrintStream out = held.terminal().out();
      AuditTail tail = AuditTail.last(source, lines);
      while (true) {
        List<LogEntry> entries = tail.poll();
        for (LogEntry entry : entries) {
          if (matcher.test(entry)) {
            held.count(++shown);
            out.println(format == OutputFormat.json ? LeafText.json(entry) : LeafText.line(entry));
          }
        }
        if (entries.isEmpty()) {
          if (!follow) {
            held.end();
            return ExitCode.FINE;
          }
          // Whoever follows ends by an interrupt.
          held.showAndGoOn();
          if (out.checkError()) {
            return ExitCode.FINE;
          }
          TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.FINE;
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }
}
