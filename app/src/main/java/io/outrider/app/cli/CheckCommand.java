package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Advice;
import io.outrider.app.serve.Preflight;
import io.outrider.app.serve.RulesLoader;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.Settings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Check the configuration, and the policies, redaction rules, keys and certificates it names; print all problems at once.")
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
  public Integer call() {
    Settings settings;
    try {
      settings = ConfigFile.read(terminal.resolve(config), terminal.environment()).settings();
    } catch (ConfigException e) {
      return problems(e.problems());
    }
    List<String> problems = new ArrayList<>(Preflight.problems(settings));
    RulesLoader.Loaded loaded;
    try {
      loaded = RulesLoader.load(settings, "");
    } catch (Unusable e) {
      problems.addAll(e.reasons());
      return problems(problems);
    }
    if (!problems.isEmpty()) {
      return problems(problems);
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

  private int problems(List<?> problems) {
    problems.forEach(terminal.err()::println);
    terminal.err().println(terminal.style().bad(Cli.count(problems.size(), "problem")));
    return ExitCode.USAGE;
  }
}
