package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import io.outrider.policy.builtin.Capabilities;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "capabilities",
    mixinStandardHelpOptions = true,
    description = {
      "Print what policies may use, as JSON.",
      "'opa check --capabilities FILE' and Regal read the same."
    })
final class PolicyCapabilitiesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--current",
      description = "Those of this version. There are no others, so this is always on.")
  private boolean current;

  PolicyCapabilitiesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    terminal.out().print(Capabilities.text());
    terminal.out().flush();
    return PolicyExit.FINE;
  }
}
