package io.outrider.audit.record;

import java.util.Objects;

/// Values that one redaction rule took out at one place. Says where, never what.
///
/// @param rule id of the redaction rule
/// @param pointer JSON pointer (RFC 6901) into the message
/// @param count how often the value stood at that place
/// @param length bytes of the value
/// @param digest names the value by a keyed hash, so that two records can be seen to be about the
///   same one; `""` when there is none
public record Redaction(String rule, String pointer, int count, int length, String digest) {

  public Redaction {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(pointer, "pointer");
    Objects.requireNonNull(digest, "digest");
    if (length < 0) {
      throw new IllegalArgumentException("length: " + length + " (expected: >= 0)");
    }
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
  }
}
