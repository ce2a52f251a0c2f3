package io.outrider.redaction;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// Where rules come from.
public sealed interface RuleSource {
  /// The rules that ship with Outrider.
  static RuleSource builtin() {
    return new Builtin();
  }

  /// A file in gitleaks' TOML shape, read now.
  static RuleSource file(Path path) throws IOException {
    return new Toml(path.toString(), Files.readString(path));
  }

  /// A text in gitleaks' TOML shape.
  static RuleSource toml(String name, String text) {
    return new Toml(name, text);
  }

  /// The rules that ship with Outrider.
  record Builtin() implements RuleSource {}

  /// Rules in gitleaks' TOML shape.
  ///
  /// @param name what problems call it
  /// @param text the TOML
  record Toml(String name, String text) implements RuleSource {
    public Toml {
      Objects.requireNonNull(name);
      Objects.requireNonNull(text);
    }
  }
}
