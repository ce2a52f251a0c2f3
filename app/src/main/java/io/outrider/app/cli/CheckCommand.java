package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Advice;
import io.outrider.app.serve.RulesLoader;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.Settings;
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
    Settings settings =
        ConfigFile.read(terminal.resolve(config), terminal.environment()).settings();
    RulesLoader.Loaded loaded;
    try {
      loaded = RulesLoader.load(settings, "");
    } catch (Unusable e) {
      e.reasons().forEach(terminal.err()::println);
      terminal.err().println(terminal.style().bad(Cli.count(e.reasons().size(), "problem")));
      return ExitCode.USAGE;
    }
    loaded
        .doubts()
        .get()
        .forEach(doubt -> terminal.err().println(terminal.style().warn("warning: ") + doubt));
    Advice.of(settings)
        .forEach(advice -> terminal.err().println(terminal.style().warn("note: ") + advice));
    terminal
        .out()
        .println(
            terminal.style().good("fine")
                + ": "
                + Cli.count(settings.upstreams().size(), "upstream")
                + ", policies "
                + loaded.rules().policy().digest());
    return ExitCode.FINE;
  }
}
