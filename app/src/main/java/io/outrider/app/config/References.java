package io.outrider.app.config;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fills in `${env:NAME}` and `${file:PATH}`. Remembers which files were read, so that a change of
/// one can reload the configuration.
final class References {
  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]*)}");
  private static final int LARGEST_FILE = 64 << 10;
  private static final int LEAST_SECRET = 6;

  private final Map<String, String> environment;
  private final Path folder;
  private final Set<Path> files = new LinkedHashSet<>();

  /// What references stood for, and how they were written.
  private final Map<String, String> resolved = new LinkedHashMap<>();

  References(Map<String, String> environment, Path folder) {
    this.environment = environment;
    this.folder = folder;
  }

  /// A text with references in the place of what they stand for. What is shorter than a credential
  /// would be is left: it may be any word.
  String concealed(String text) {
    String clean = text;
    // The longest first: one may begin another.
    List<String> values = new ArrayList<>(resolved.keySet());
    values.sort(Comparator.comparingInt(String::length).reversed());
    for (String value : values) {
      clean = clean.replace(value, resolved.getOrDefault(value, ""));
    }
    return clean;
  }

  Set<Path> files() {
    return Set.copyOf(files);
  }

  static boolean in(String text) {
    return REFERENCE.matcher(text).find();
  }

  /// `text` with every reference replaced.
  ///
  /// @throws Unresolved naming the reference, never what it stands for
  String resolve(String text) throws Unresolved {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (matcher.find()) {
      String value = value(matcher.group(1));
      if (value.length() >= LEAST_SECRET) {
        resolved.put(value, matcher.group());
      }
      matcher.appendReplacement(out, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(out).toString();
  }

  private String value(String reference) throws Unresolved {
    int colon = reference.indexOf(':');
    String scheme = colon < 0 ? "" : reference.substring(0, colon);
    String rest = reference.substring(colon + 1);
    return switch (scheme) {
      case "env" -> variable(rest);
      case "file" -> file(rest);
      default ->
          throw new Unresolved("'${%s}'".formatted(reference), "${env:NAME} or ${file:PATH}");
    };
  }

  private String variable(String name) throws Unresolved {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new Unresolved(
          "${env:%s}, and that variable is %s".formatted(name, value == null ? "not set" : "empty"),
          "a variable that is set");
    }
    return value;
  }

  private String file(String name) throws Unresolved {
    Path path = folder.resolve(name).normalize();
    files.add(path);
    try {
      if (Files.size(path) > LARGEST_FILE) {
        throw new Unresolved(
            "${file:%s}, and that file is larger than 64 KiB".formatted(name),
            "a file with one value");
      }
      // Editors end a file with a newline; no credential does.
      String value = Files.readString(path).stripTrailing();
      if (value.isEmpty()) {
        throw new Unresolved(
            "${file:%s}, and that file is empty".formatted(name), "a file with one value");
      }
      return value;
    } catch (MalformedInputException e) {
      throw new Unresolved(
          "${file:%s}, and that file is not UTF-8 text".formatted(name), "a file with one value");
    } catch (IOException e) {
      throw new Unresolved(
          "${file:%s}, and that file %s"
              .formatted(name, Files.exists(path) ? "cannot be read" : "does not exist"),
          "a file that can be read");
    }
  }

  /// A reference that leads nowhere.
  static final class Unresolved extends Exception {
    private static final long serialVersionUID = 1L;

    final String found;
    final String expected;

    Unresolved(String found, String expected) {
      super(found);
      this.found = found;
      this.expected = expected;
    }
  }
}
