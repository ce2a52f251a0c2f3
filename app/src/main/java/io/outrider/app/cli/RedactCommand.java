package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Messages;
import io.outrider.app.serve.RedactionRules;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.redaction.Detectors;
import io.outrider.redaction.Explanation;
import io.outrider.redaction.Finding;
import io.outrider.redaction.Redaction;
import io.outrider.redaction.RedactionException;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.Scope;
import io.outrider.settings.RedactionSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "redact",
    mixinStandardHelpOptions = true,
    description = {
      "Take secrets out of a file or standard input, as Outrider does with what passes.",
      "JSON is treated as JSON, everything else as text. What was found goes to standard error, by rule and place.",
      "With --format, nothing is taken out: what would be found is listed, and why."
    })
final class RedactCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Take the rules from this configuration.")
  private @Nullable Path config;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = "Rules in gitleaks' TOML shape besides the built-in ones; may be repeated.")
  private @Nullable List<Path> rules;

  @Option(
      names = "--detector",
      paramLabel = "NAME",
      description = "Switch on an opt-in detector, such as email; may be repeated.")
  private @Nullable List<String> detectors;

  @Option(names = "--check", description = "Write nothing; exit with 1 if something was found.")
  private boolean check;

  @Option(
      names = {"-f", "--format"},
      description = "List what would be found, and why: ${COMPLETION-CANDIDATES}.")
  private @Nullable Format format;

  @Parameters(arity = "0..1", paramLabel = "FILE", description = "Default: standard input.")
  private @Nullable Path file;

  /// How what would be found is listed.
  enum Format {
    /// For people.
    text,
    /// One JSON document.
    json
  }

  RedactCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  static CommandLine of(Terminal terminal) {
    return new CommandLine(new RedactCommand(terminal))
        .addSubcommand("test", new RedactTestCommand(terminal))
        .addSubcommand("bench", new RedactBenchCommand(terminal));
  }

  @Override
  public Integer call() throws ConfigException {
    Redactor redactor;
    try {
      RedactionRules.Loaded loaded = RedactionRules.load(settings());
      loaded.warnings().forEach(terminal.err()::println);
      redactor = loaded.redactor();
    } catch (Unusable e) {
      throw new Fatal(String.join("\n", e.reasons()));
    }
    byte[] bytes = read();
    if (format != null) {
      return explained(redactor, bytes, format);
    }
    return looksLikeJson(bytes)
        ? json(redactor, bytes)
        : text(redactor, new String(bytes, StandardCharsets.UTF_8));
  }

  private int explained(Redactor redactor, byte[] bytes, Format as) {
    List<Explanation> found;
    try {
      found = redactor.explain(bytes, looksLikeJson(bytes));
    } catch (RedactionException e) {
      throw new Fatal("cannot be looked through: " + e.getMessage());
    }
    switch (as) {
      case text -> Explanations.print(terminal, bytes, found);
      case json -> terminal.out().println(Explanations.json(bytes, found));
    }
    return check && !found.isEmpty() ? ExitCode.WRONG : ExitCode.FINE;
  }

  private RedactionSettings settings() throws ConfigException {
    RedactionSettings base =
        config == null
            ? RedactionSettings.defaults()
            : ConfigFile.read(terminal.resolve(config), terminal.environment())
                .settings()
                .redaction();
    List<String> sources = new ArrayList<>(base.rules());
    if (rules != null) {
      rules.forEach(rule -> sources.add(terminal.resolve(rule).toString()));
    }
    Set<String> on = new TreeSet<>(base.detectors());
    if (detectors != null) {
      on.addAll(detectors);
    }
    return new RedactionSettings(
        sources, base.directions(), base.onMatch(), base.mask(), on, base.treatments());
  }

  private byte[] read() {
    try {
      return file == null || file.toString().equals("-")
          ? terminal.in().readAllBytes()
          : Files.readAllBytes(terminal.resolve(file));
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    }
  }

  private static boolean looksLikeJson(byte[] bytes) {
    int i = 0;
    while (i < bytes.length
        && (bytes[i] == ' ' || bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t')) {
      i++;
    }
    return i < bytes.length && (bytes[i] == '{' || bytes[i] == '[');
  }

  private int json(Redactor redactor, byte[] bytes) {
    Redaction redaction;
    try {
      redaction = redactor.redact(bytes, 0, bytes.length, Scope.everything(), Detectors.NONE);
    } catch (RedactionException e) {
      throw new Fatal("cannot be redacted: " + e.getMessage());
    }
    for (Finding finding : redaction.findings()) {
      terminal
          .err()
          .printf(
              "%s at %s (%d bytes): %s%n",
              terminal.style().warn(finding.rule()),
              finding.pointer().isEmpty() ? "the whole text" : finding.pointer(),
              finding.length(),
              Cli.spelling(finding.action()));
    }
    switch (redaction) {
      case Redaction.Clean ignored -> write(bytes);
      case Redaction.Redacted redacted -> write(redacted.json());
      case Redaction.Blocked blocked -> {
        terminal
            .err()
            .println(terminal.style().bad("blocked") + ": " + Cli.spelling(blocked.reason()));
        return ExitCode.WRONG;
      }
    }
    return check && !redaction.findings().isEmpty() ? ExitCode.WRONG : ExitCode.FINE;
  }

  private int text(Redactor redactor, String text) {
    String redacted = redactor.redactText(text);
    try {
      for (Explanation found : redactor.explain(text.getBytes(StandardCharsets.UTF_8), false)) {
        terminal
            .err()
            .printf(
                "%s at byte %d (%d bytes): %s%n",
                terminal.style().warn(found.finding().rule()),
                found.start(),
                found.finding().length(),
                Cli.spelling(found.finding().action()));
      }
    } catch (RedactionException e) {
      throw new Fatal("cannot be redacted: " + e.getMessage());
    }
    write(redacted.getBytes(StandardCharsets.UTF_8));
    return check && !redacted.equals(text) ? ExitCode.WRONG : ExitCode.FINE;
  }

  private void write(byte[] bytes) {
    if (!check) {
      terminal.out().writeBytes(bytes);
      terminal.out().flush();
    }
  }
}
