package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.doctor.Doctor;
import io.outrider.app.doctor.Finding;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Examine what the log stands on: file system, flushes, locks, space, clock, rights, and the process that writes.",
      "Safe beside a running proxy; writes one temporary file into the folder, for less than four seconds."
    },
    footer = "Exit status: 0 nothing is bad (warnings count as fine), 1 something is.")
final class AuditDoctorCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  AuditDoctorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    folder.source(terminal);
    List<Finding> findings;
    try {
      findings =
          new Doctor(InstantSource.system(), System::nanoTime).examine(folder.path(terminal));
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
    if (format == OutputFormat.json) {
      terminal
          .out()
          .println(
              SafeText.json(
                  JsonMapper.shared()
                      .writeValueAsString(
                          findings.stream().map(AuditDoctorCommand::json).toList())));
    } else {
      findings.forEach(this::print);
    }
    return findings.stream().anyMatch(f -> f.level() == Finding.Level.BAD)
        ? ExitCode.WRONG
        : ExitCode.FINE;
  }

  private void print(Finding finding) {
    Style style = terminal.style();
    String word =
        switch (finding.level()) {
          case OK -> style.good("ok  ");
          case WARN -> style.warn("warn");
          case BAD -> style.bad("BAD ");
        };
    terminal
        .out()
        .println(
            word
                + "  "
                + String.format(Locale.ROOT, "%-14s", finding.name())
                + "  "
                + SafeText.of(finding.what()));
    if (!finding.advice().isEmpty()) {
      terminal.out().println("                      " + SafeText.of(finding.advice()));
    }
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", finding.name());
    json.put("level", finding.level().name().toLowerCase(Locale.ROOT));
    json.put("what", finding.what());
    if (!finding.advice().isEmpty()) {
      json.put("advice", finding.advice());
    }
    return json;
  }
}
