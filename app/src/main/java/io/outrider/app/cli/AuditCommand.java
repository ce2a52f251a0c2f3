package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Check, search, prove and keep the audit log. Works on a log in use and on a copy of one.")
final class AuditCommand {
  private AuditCommand() {}

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new AuditCommand())
        .addSubcommand("anchor", AuditAnchorCommand.of(terminal))
        .addSubcommand("console", new AuditConsoleCommand(terminal))
        .addSubcommand("doctor", new AuditDoctorCommand(terminal))
        .addSubcommand("drill", new AuditDrillCommand(terminal))
        .addSubcommand("export", new AuditExportCommand(terminal))
        .addSubcommand("gaps", new AuditGapsCommand(terminal))
        .addSubcommand("hold", AuditHoldCommand.of(terminal))
        .addSubcommand("prove", new AuditProveCommand(terminal))
        .addSubcommand("prune", new AuditPruneCommand(terminal))
        .addSubcommand("query", new AuditQueryCommand(terminal))
        .addSubcommand("search", new AuditSearchCommand(terminal))
        .addSubcommand("redact", new AuditRedactCommand(terminal))
        .addSubcommand("show", new AuditShowCommand(terminal))
        .addSubcommand("sinks", new AuditSinksCommand(terminal))
        .addSubcommand("stats", new AuditStatsCommand(terminal))
        .addSubcommand("tail", new AuditTailCommand(terminal))
        .addSubcommand("verify", new AuditVerifyCommand(terminal))
        .addSubcommand("witness", AuditWitnessCommand.of(terminal));
  }
}
