package io.outrider.redaction;

import java.util.Objects;

/// One value that a rule found: the evidence, never the value.
///
/// @param rule the id of the rule
/// @param pointer JSON pointer (RFC 6901) of the string or number that holds the value; `""` is the
///   whole text
/// @param length bytes of the value as it would read with its escapes and encodings resolved
/// @param action what was done about it
/// @param digest the first 64 bits of a keyed hash of the value, in hexadecimal: equal values have
///   equal digests as long as the process lives, and nobody can try values against it
public record Finding(String rule, String pointer, int length, Action action, String digest) {
  public Finding {
    Objects.requireNonNull(rule);
    Objects.requireNonNull(pointer);
    Objects.requireNonNull(action);
    Objects.requireNonNull(digest);
    if (length < 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: >= 0)");
    }
  }
}
