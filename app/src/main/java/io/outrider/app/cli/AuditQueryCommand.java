package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.LeafText;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = {
      "Find records by reading the whole log, without an index.",
      "Search is quicker; this is for whoever trusts nothing but the log. Every option given must fit; outcomes are found by the calls they belong to.",
      "A '*' after the number: not under a signed checkpoint yet."
    })
final class AuditQueryCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Mixin private final ReviewRecord record = new ReviewRecord();

  @Mixin private final AuditFilter filter = new AuditFilter();

  @Option(names = "--limit", paramLabel = "N", description = "Stop after so many records.")
  private long limit = Long.MAX_VALUE;

  @Option(
      names = {"-f", "--format"},
      description = "pretty, or json: one record a line. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditQueryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    if (limit < 1) {
      throw new Fatal("--limit: " + limit + " (expected: > 0)");
    }
    AtomicLong count = new AtomicLong();
    Instant now = Instant.now();
    LogSource source = folder.source(terminal);
    try (Held held = record.reading(terminal, folder.path(terminal), "query", filter.asked(now))) {
      PrintStream out = held.terminal().out();
      AuditQuery.run(
          source,
          0,
          filter.filter(now),
          entry -> {
            held.count(count.incrementAndGet());
            out.println(format == OutputFormat.json ? LeafText.json(entry) : LeafText.line(entry));
            return count.get() < limit && !out.checkError();
          });
      held.end();
    } catch (FormatException e) {
      throw new Fatal("not a readable audit log: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    if (count.get() == 0) {
      terminal.err().println("nothing fits");
    } else if (terminal.interactive()) {
      terminal.err().println(terminal.style().dim(Cli.count(count.get(), "record")));
    }
    return ExitCode.FINE;
  }
}
