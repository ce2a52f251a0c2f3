package io.outrider.app.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One thing wrong with a configuration. Never holds a credential.
///
/// @param at where
/// @param path the key, dots between levels; empty for the file as a whole
/// @param found what stands there
/// @param expected what should
public record ConfigProblem(Position at, String path, String found, String expected) {
  private static final Pattern CHECKED =
      Pattern.compile("([^:]*): (.*) \\(expected: (.*)\\)", Pattern.DOTALL);

  /// From the message of a record that refused a value (`path: found (expected: something)`).
  static ConfigProblem ofMessage(Position at, String path, String message) {
    Matcher parts = CHECKED.matcher(message);
    if (!parts.matches()) {
      return new ConfigProblem(at, path, message, "");
    }
    // A record that knows only its own component names it alone; the section it stands in goes
    // before.
    String named =
        parts.group(1).contains(".") ? parts.group(1) : YamlReader.join(path, parts.group(1));
    return new ConfigProblem(at, named, parts.group(2), parts.group(3));
  }

  /// `path: found (expected: something)`, without the place.
  public String message() {
    return (path.isEmpty() ? "" : path + ": ")
        + found
        + (expected.isEmpty() ? "" : " (expected: " + expected + ")");
  }

  @Override
  public String toString() {
    return at + ": " + message();
  }

  /// A place in a file; line and column count from 1.
  public record Position(String file, int line, int column) {
    @Override
    public String toString() {
      return file + ":" + line + ":" + column;
    }
  }
}
