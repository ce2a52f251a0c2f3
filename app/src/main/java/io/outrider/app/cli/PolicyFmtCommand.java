package io.outrider.app.cli;

import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Style;
import io.outrider.app.terminal.Terminal;
import io.outrider.policy.fmt.Dialect;
import io.outrider.policy.fmt.Formatter;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.tool.CheckWriter;
import io.outrider.policy.tool.LineDiff;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "fmt",
    mixinStandardHelpOptions = true,
    description = "Lay out Rego files as 'opa fmt' does. Without a path: standard input.")
final class PolicyFmtCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = {"-w", "--write"},
      description = "Overwrite the files.")
  private boolean write;

  @Option(
      names = {"-l", "--list"},
      description = "Only name the files that would change.")
  private boolean list;

  @Option(
      names = {"-d", "--diff"},
      description = "Only show what would change.")
  private boolean diff;

  @Option(names = "--fail", description = "Exit with 2 if a file would change.")
  private boolean fail;

  @Option(
      names = "--check-result",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Make sure that the result can be read again. Default: ${DEFAULT-VALUE}")
  private boolean checkResult = true;

  @Option(
      names = {"--v0-v1", "--rego-v1"},
      description = "Read Rego from before 1.0, too, and write what both versions read alike.")
  private boolean both;

  @Option(
      names = "--drop-v0-imports",
      description = "Leave out imports that Rego 1.0 has no need of, such as rego.v1.")
  private boolean dropImports;

  @Option(names = "--v0-compatible", hidden = true)
  private boolean old;

  @Parameters(paramLabel = "PATH", description = "Files and folders.")
  private @Nullable List<Path> paths;

  PolicyFmtCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (old) {
      throw new Fatal(
          "--v0-compatible: not supported: nothing is written in Rego from before 1.0 (--v0-v1 writes"
              + " what both versions read)");
    }
    try {
      if (paths == null || paths.isEmpty()) {
        String text = new String(terminal.in().readAllBytes(), StandardCharsets.UTF_8);
        String formatted = format("stdin", text);
        terminal.out().print(formatted == null ? "" : formatted);
        terminal.out().flush();
        return formatted == null ? PolicyExit.BROKEN : PolicyExit.FINE;
      }
      boolean readable = true;
      boolean changes = false;
      for (Path file : files(paths)) {
        String text = Files.readString(terminal.resolve(file));
        String formatted = format(file.toString(), text);
        if (formatted == null) {
          readable = false;
        } else {
          changes |= !formatted.equals(text);
          show(file, text, formatted);
        }
      }
      return !readable || (fail && changes) ? PolicyExit.FOUND : PolicyExit.FINE;
    } catch (IOException e) {
      terminal.err().println(terminal.style().bad("outrider: ") + Messages.of(e));
      return PolicyExit.BROKEN;
    }
  }

  /// Nothing after its problems were printed.
  private @Nullable String format(String name, String text) {
    List<Diagnostic> problems = new ArrayList<>();
    String formatted = Formatter.format(new Source(name, text), dialect(), problems::add);
    if (formatted != null && checkResult) {
      Parser.parseModule(new Source(name + " (laid out)", formatted), problems::add);
    }
    if (!problems.isEmpty()) {
      terminal.err().print(CheckWriter.pretty(problems));
      return null;
    }
    return formatted;
  }

  private Dialect dialect() {
    if (both) {
      return Dialect.BOTH;
    }
    return dropImports ? Dialect.V1_WITHOUT_IMPORTS : Dialect.V1;
  }

  private void show(Path file, String text, String formatted) throws IOException {
    boolean changed = !formatted.equals(text);
    if (list) {
      if (changed) {
        terminal.out().println(file);
      }
    } else if (diff) {
      terminal.out().print(coloured(LineDiff.unified(file.toString(), text, formatted)));
    } else if (write) {
      if (changed) {
        Files.writeString(terminal.resolve(file), formatted);
      }
    } else if (!fail) {
      terminal.out().print(formatted);
    } else if (changed) {
      terminal.err().println(file + ": would be laid out otherwise");
    }
    terminal.out().flush();
  }

  private String coloured(String difference) {
    Style style = terminal.style();
    StringBuilder out = new StringBuilder();
    difference
        .lines()
        .map(line ->
            switch (line.charAt(0)) {
              case '+' -> style.good(line);
              case '-' -> style.bad(line);
              case '@' -> style.accent(line);
              default -> line;
            })
        .forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  private List<Path> files(List<Path> given) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path path : given) {
      Path at = terminal.resolve(path);
      if (Files.isRegularFile(at)) {
        files.add(path);
        continue;
      }
      try (Stream<Path> walk = Files.walk(at)) {
        walk.filter(Files::isRegularFile)
            .filter(f -> f.toString().endsWith(".rego"))
            .sorted()
            .map(f -> path.resolve(at.relativize(f)))
            .forEach(files::add);
      }
    }
    return files;
  }
}
