package io.outrider.app.terminal;

import java.io.Console;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Everything a command may touch of the world around it, so that a test can be that world.
///
/// @param in standard input
/// @param out standard output: results, and nothing else
/// @param err standard error: progress, problems, logs
/// @param environment environment variables
/// @param folder the working folder
/// @param interactive whether a person is watching `out`
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Path folder,
    boolean interactive) {
  /// The terminal of this process.
  public static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintStream(System.out, true, StandardCharsets.UTF_8),
        new PrintStream(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        Path.of(""),
        watched());
  }

  /// A terminal over streams that nobody watches.
  public static Terminal of(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      Path folder) {
    return new Terminal(
        in,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        environment,
        folder,
        false);
  }

  /// The launcher knows whether standard output is a terminal; a JVM only knows of both streams at
  /// once.
  private static boolean watched() {
    String told = System.getProperty("outrider.tty");
    if (told != null) {
      return told.equals("true");
    }
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /// A path as typed by the user.
  public Path resolve(Path typed) {
    return folder.resolve(typed);
  }

  /// Colours that show on a terminal and vanish elsewhere.
  public Style style() {
    boolean plain = environment.containsKey("NO_COLOR") || "dumb".equals(environment.get("TERM"));
    return new Style(interactive && !plain);
  }
}
