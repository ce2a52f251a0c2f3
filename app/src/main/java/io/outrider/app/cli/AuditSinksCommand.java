package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.verify.SafeText;
import io.outrider.sinks.Export;
import io.outrider.sinks.SinkPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "sinks",
    mixinStandardHelpOptions = true,
    description = {
      "Show how far each receiver of audit.export is, and what it said last.",
      "Exit code 1 if one of them fails, stopped, or has a cursor that cannot be read."
    })
final class AuditSinksCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = {"-f", "--format"},
      description = "pretty, or json: one document. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditSinksCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    folder.source(terminal);
    Path log = folder.path(terminal);
    List<SinkPosition> sinks;
    try {
      sinks = Export.positions(log);
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    if (format == OutputFormat.json) {
      terminal.out().println(SafeText.json(JsonMapper.shared().writeValueAsString(sinks)));
    } else if (sinks.isEmpty()) {
      terminal.out().println("no sink has ever run on this log (audit.export in outrider.yaml)");
    } else {
      terminal.out().printf("%-20s %-7s %-8s %12s %12s%n", "NAME", "KIND", "STATE", "NEXT", "LAG");
      sinks.forEach(this::print);
    }
    return sinks.stream().anyMatch(sink -> sink.error() != null) ? ExitCode.WRONG : ExitCode.FINE;
  }

  private void print(SinkPosition sink) {
    terminal
        .out()
        .printf(
            "%-20s %-7s %-8s %12s %12s%n",
            SafeText.of(sink.name()),
            sink.kind().isEmpty() ? "-" : SafeText.of(sink.kind()),
            sink.state(),
            sink.next() < 0 ? "?" : Long.toString(sink.next()),
            sink.lag() < 0 ? "?" : Long.toString(sink.lag()));
    if (sink.error() != null) {
      terminal.out().println("    " + SafeText.of(sink.error()));
    }
  }
}
