package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyPath;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.tool.CheckWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = "Parse and compile policies and their tests; print every problem with its line.")
final class PolicyCheckCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final LanguageOptions language = new LanguageOptions();

  @Mixin private final LoadingOptions loading = new LoadingOptions();

  @Option(
      names = {"-b", "--bundle"},
      description =
          "Read the paths as bundles. Makes no difference: data files are checked as in them.")
  private boolean bundle;

  @Option(
      names = {"-S", "--strict"},
      description = "Unused imports, variables and arguments are problems too.")
  private boolean strict;

  @Option(
      names = {"-f", "--format"},
      description = "pretty or json. Default: ${DEFAULT-VALUE}")
  private OutputFormat format = OutputFormat.pretty;

  @Option(
      names = {"-m", "--max-errors"},
      paramLabel = "N",
      description = "Show at most so many problems; 0 for all. Default: ${DEFAULT-VALUE}")
  private int max = PolicyFiles.MAX_ERRORS;

  @Option(
      names = {"-s", "--schema"},
      paramLabel = "FILE",
      description =
          "A JSON schema of the input: names it does not have are problems. Default: Outrider's own")
  private @Nullable Path schema;

  @Parameters(
      paramLabel = "PATH",
      description = "Files and folders. Default: the bundles of outrider.yaml, else policies/")
  private @Nullable List<Path> paths;

  PolicyCheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException {
    LoadedPolicies loaded =
        PolicyFiles.load(
            PolicyFiles.paths(terminal, paths).stream().map(PolicyPath::new).toList(),
            loading.options(true, true));
    List<Diagnostic> problems =
        PolicyFiles.limited(
            PolicyTools.check(
                loaded,
                PolicyFiles.schema(
                    terminal,
                    schema,
                    language.in(PolicyFiles.options(null, strict).withKnownInput(true)))),
            max);
    if (format == OutputFormat.json) {
      terminal.out().print(CheckWriter.json(problems));
      terminal.out().flush();
      return problems.isEmpty() ? PolicyExit.FINE : PolicyExit.BROKEN;
    }
    if (!problems.isEmpty()) {
      terminal.err().print(ColouredText.problems(terminal, problems));
      return PolicyExit.BROKEN;
    }
    if (terminal.interactive()) {
      // As with opa, a pipe hears nothing when there is nothing to say.
      terminal
          .out()
          .println(
              terminal.style().good("fine")
                  + ": "
                  + Cli.count(loaded.modules().size(), "module")
                  + ", "
                  + Cli.count(loaded.data().size(), "data file"));
    }
    return PolicyExit.FINE;
  }
}
