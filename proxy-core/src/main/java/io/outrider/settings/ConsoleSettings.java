package io.outrider.settings;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// The page on the admin port where the audit log is read.
///
/// @param enabled whether there is one
/// @param tokens who may look; with none, whoever reaches a loopback address, and nobody elsewhere
public record ConsoleSettings(boolean enabled, List<Token> tokens) {
  public ConsoleSettings {
    tokens = List.copyOf(tokens);
    Set<String> ids = new HashSet<>();
    Set<String> digests = new HashSet<>();
    for (Token token : tokens) {
      if (!ids.add(token.id())) {
        throw new IllegalArgumentException(
            "admin.console.tokens: id '%s' stands twice (expected: once)".formatted(token.id()));
      }
      if (!digests.add(token.sha256())) {
        throw new IllegalArgumentException(
            "admin.console.tokens: the sha256 of '%s' stands twice (expected: one id for each token)"
                .formatted(token.id()));
      }
    }
  }

  /// There is one, for this machine.
  public static ConsoleSettings defaults() {
    return new ConsoleSettings(true, List.of());
  }

  /// What a reviewer signs in with: 256 random bits, so a plain SHA-256 is enough.
  ///
  /// @param id the reviewer's name in the audit log
  /// @param sha256 SHA-256 of the token's UTF-8 text, 64 lower-case hex digits
  public record Token(String id, String sha256) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public Token {
      Checks.notBlank("admin.console.tokens.id", id);
      if (!DIGEST.matcher(sha256).matches()) {
        throw new IllegalArgumentException(
            "admin.console.tokens: sha256 of '%s' has %d characters (expected: 64 lower-case hex digits)"
                .formatted(id, sha256.length()));
      }
    }
  }
}
