package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Check the configuration, the policies and the redaction rules it names; print all problems at once.")
final class CheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      defaultValue = "outrider.yaml",
      description = "Default: ${DEFAULT-VALUE}")
  private Path config = Path.of("outrider.yaml");

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    ConfigFile.read(terminal.resolve(config), terminal.environment());
    terminal.out().println("fine");
    return ExitCode.FINE;
  }
}
