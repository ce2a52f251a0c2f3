package io.outrider.redaction;

import io.outrider.redaction.rule.RuleReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Where rules come from.
public sealed interface RuleSource {
  /// The rules that ship with Outrider.
  static RuleSource builtin() {
    return Builtin.INSTANCE;
  }

  /// A file in gitleaks' TOML shape, read now, with the files it extends.
  static RuleSource file(Path path) throws IOException {
    return file(path, 0);
  }

  private static RuleSource file(Path path, int depth) throws IOException {
    String text = Files.readString(path);
    RuleReader.Bases bases = RuleReader.bases(text);
    List<RuleSource> before = new ArrayList<>();
    if (bases.builtin()) {
      before.add(builtin());
    }
    for (String base : bases.paths()) {
      if (depth == MAX_DEPTH) {
        throw new IOException(
            path + ": extend.path goes deeper than " + MAX_DEPTH + " files, or in a circle");
      }
      before.add(file(path.resolveSibling(base), depth + 1));
    }
    return new Toml(path.toString(), text, before);
  }

  /// The files a rule file is made of: itself and those it extends, whether they can be read or
  /// not. A change of any of them changes the rules.
  static Set<Path> files(Path path) {
    Set<Path> files = new LinkedHashSet<>();
    addFiles(path, 0, files);
    return files;
  }

  private static void addFiles(Path path, int depth, Set<Path> files) {
    if (depth > MAX_DEPTH || !files.add(path)) {
      return;
    }
    try {
      for (String base : RuleReader.bases(Files.readString(path)).paths()) {
        addFiles(path.resolveSibling(base), depth + 1, files);
      }
    } catch (IOException | InvalidPathException e) {
      // Told when the rules are read; until it can be read, it extends nothing.
    }
  }

  /// Files that extend each other: two is what gitleaks follows.
  int MAX_DEPTH = 4;

  /// A text in gitleaks' TOML shape.
  static RuleSource toml(String name, String text) {
    return new Toml(name, text, List.of());
  }

  /// The rules that ship with Outrider.
  enum Builtin implements RuleSource {
    INSTANCE
  }

  /// Rules in gitleaks' TOML shape.
  ///
  /// @param name what problems call it
  /// @param text the TOML
  /// @param before what is read before it, because it extends that
  record Toml(String name, String text, List<RuleSource> before) implements RuleSource {
    public Toml {
      Objects.requireNonNull(name);
      Objects.requireNonNull(text);
      before = List.copyOf(before);
    }
  }
}
