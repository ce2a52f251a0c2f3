package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicySet;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Parse and compile policies and their tests; print every problem with its line.")
final class PolicyCheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-S", "--strict"},
      description = "Unused imports, variables and arguments are problems too.")
  private boolean strict;

  @Parameters(
      paramLabel = "PATH",
      description = "Files and folders. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> paths;

  PolicyCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    LoadedPolicies loaded = PolicyFiles.load(PolicyFiles.paths(terminal, paths), true);
    PolicySet set = PolicyFiles.compile(terminal, loaded, null, strict);
    if (set == null) {
      return ExitCode.WRONG;
    }
    terminal
        .out()
        .println(
            terminal.style().good("fine")
                + ": "
                + Cli.count(loaded.modules().size(), "module")
                + ", "
                + Cli.count(loaded.data().size(), "data file"));
    return ExitCode.FINE;
  }
}
