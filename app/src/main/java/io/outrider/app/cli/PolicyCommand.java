package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "policy",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description =
        "Test, check, lay out, measure and try policies. Names and flags are those of opa where opa has the same.")
final class PolicyCommand {
  private PolicyCommand() {}

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new PolicyCommand())
        .addSubcommand("test", new PolicyTestCommand(terminal))
        .addSubcommand("check", new PolicyCheckCommand(terminal))
        .addSubcommand("eval", new PolicyEvalCommand(terminal))
        .addSubcommand("explain", new PolicyExplainCommand(terminal))
        .addSubcommand("fmt", new PolicyFmtCommand(terminal))
        .addSubcommand("bench", new PolicyBenchCommand(terminal))
        .addSubcommand("capabilities", new PolicyCapabilitiesCommand(terminal));
  }
}
