package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.anchor.Anchoring;
import io.outrider.audit.anchor.WitnessReport;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.verify.SafeText;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "witness",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "The witnesses of the configuration (audit.anchors.witnesses in outrider.yaml).")
final class AuditWitnessCommand {
  private AuditWitnessCommand() {}

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new AuditWitnessCommand())
        .addSubcommand("list", new Listing(terminal))
        .addSubcommand("test", new Test(terminal));
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description =
          "Show each witness: name, algorithm, address and key. The lines are those of a C2SP tlog-policy, for audit verify --policy.")
  static final class Listing implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    Listing(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      TlogPolicy policy = folder.anchors(terminal).policy();
      if (policy.witnesses().isEmpty()) {
        terminal.err().println("no witnesses (audit.anchors.witnesses in outrider.yaml)");
      }
      for (TlogPolicy.Witness witness : policy.witnesses()) {
        terminal
            .out()
            .println("# " + SafeText.of(witness.name()) + ": " + witness.key().algorithm().title());
        terminal
            .out()
            .println(
                "witness "
                    + SafeText.of(witness.name())
                    + " "
                    + witness.key()
                    + witness.url().map(url -> " " + SafeText.of(url)).orElse(""));
      }
      terminal.out().print(quorum(policy));
      return ExitCode.FINE;
    }

    private static String quorum(TlogPolicy policy) {
      if (!(policy.quorum() instanceof TlogPolicy.Rule.Group group)) {
        return "quorum none\n";
      }
      StringBuilder members = new StringBuilder();
      policy.witnesses().forEach(witness -> members.append(' ').append(witness.name()));
      return "group quorum " + group.needed() + members + "\nquorum quorum\n";
    }
  }

  @Command(
      name = "test",
      mixinStandardHelpOptions = true,
      description = {
        "Send each witness the log's checkpoint and show what it says; nothing is kept here.",
        "Exit code 1 if one of them did not cosign."
      })
  static final class Test implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin private final AuditFolder folder = new AuditFolder();

    Test(Terminal terminal) {
      this.terminal = terminal;
    }

    @Override
    public Integer call() throws ConfigException {
      Anchoring.Round round = WitnessRound.run(terminal, folder);
      return round.reports().stream().map(WitnessReport::trouble).allMatch(String::isEmpty)
          ? ExitCode.FINE
          : ExitCode.WRONG;
    }
  }
}
