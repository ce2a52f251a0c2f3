package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;

/// Runs one command line.
public final class Cli {
  /// In the order help shows them.
  private static final Map<String, Function<Terminal, Object>> COMMANDS = commands();

  private Cli() {}

  private static Map<String, Function<Terminal, Object>> commands() {
    Map<String, Function<Terminal, Object>> commands = new LinkedHashMap<>();
    commands.put("demo", DemoCommand::new);
    commands.put("run", RunCommand::new);
    commands.put("stdio", StdioCommand::new);
    commands.put("check", CheckCommand::new);
    commands.put("policy", PolicyCommand::of);
    commands.put("audit", AuditCommand::of);
    commands.put("redact", RedactCommand::of);
    commands.put("key", KeyCommand::new);
    commands.put("version", VersionCommand::new);
    commands.put("aot-train", AotTrainCommand::new);
    return commands;
  }

  /// Runs and returns the exit status: 0 fine, 1 found something wrong, 2 usage or configuration.
  public static int run(Terminal terminal, String... args) {
    CommandLine cli = commandLine(terminal, args);
    if (args.length == 0) {
      cli.usage(terminal.err(), ansi(terminal));
      return ExitCode.USAGE;
    }
    return cli.execute(args);
  }

  /// The commands these arguments need.
  static CommandLine commandLine(Terminal terminal, String... args) {
    CommandLine cli = new CommandLine(new Root());
    cli.setCommandName("outrider");
    // Reflection over every command's options costs more than most commands do; the one that was
    // asked for is enough.
    Function<Terminal, Object> asked = args.length == 0 ? null : COMMANDS.get(args[0]);
    if (asked != null) {
      cli.addSubcommand(args[0], asked.apply(terminal));
    } else {
      COMMANDS.forEach((name, command) -> cli.addSubcommand(name, command.apply(terminal)));
    }
    cli.setColorScheme(CommandLine.Help.defaultColorScheme(ansi(terminal)));
    cli.setOut(new PrintWriter(terminal.out(), true));
    cli.setErr(new PrintWriter(terminal.err(), true));
    cli.setCaseInsensitiveEnumValuesAllowed(true);
    cli.setUsageHelpAutoWidth(false);
    cli.setParameterExceptionHandler((e, line) -> usage(terminal, e));
    cli.setExecutionExceptionHandler((e, line, parsed) -> failed(terminal, e));
    return cli;
  }

  private static Ansi ansi(Terminal terminal) {
    return terminal.style().on() ? Ansi.ON : Ansi.OFF;
  }

  private static int usage(Terminal terminal, ParameterException e) {
    terminal.err().println(terminal.style().bad("outrider: ") + e.getMessage());
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    terminal.err().println("Try '" + name + " --help'.");
    return ExitCode.USAGE;
  }

  private static int failed(Terminal terminal, Exception e) {
    switch (e) {
      case Fatal fatal ->
          terminal.err().println(terminal.style().bad("outrider: ") + fatal.getMessage());
      case ConfigException config -> {
        config.problems().forEach(problem -> terminal.err().println(problem));
        terminal
            .err()
            .println(
                terminal.style().bad(count(config.problems().size(), "problem"))
                    + ", nothing was started.");
      }
      default -> {
        terminal
            .err()
            .println(
                terminal
                    .style()
                    .bad("outrider: unexpected error; please report it with what follows"));
        e.printStackTrace(terminal.err());
      }
    }
    return ExitCode.USAGE;
  }

  /// `1 problem`, `2 problems`.
  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// A constant as people write it: lower case, hyphens.
  static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Command(
      name = "outrider",
      mixinStandardHelpOptions = true,
      versionProvider = VersionCommand.Provider.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "Policy, redaction, limits and a verifiable audit log in front of MCP servers.",
      footer = {
        "",
        "Start with:  outrider demo",
        "Exit status: 0 fine, 1 found something wrong, 2 usage or configuration."
      })
  static final class Root {}
}
