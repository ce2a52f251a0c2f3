package io.outrider.redaction;

import java.util.Objects;

/// One value that a rule found: the evidence, never the value.
///
/// @param rule the id of the rule
/// @param pointer JSON pointer (RFC 6901) of the string or number that holds the value; `""` is the
///   whole text
/// @param length bytes of the value as it would read with its escapes and encodings resolved
/// @param action what was done about it
public record Finding(String rule, String pointer, int length, Action action) {
  public Finding {
    Objects.requireNonNull(rule);
    Objects.requireNonNull(pointer);
    Objects.requireNonNull(action);
    if (length < 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: >= 0)");
    }
  }
}
