package io.outrider.audit.record;

import java.util.Objects;

/// Values that one redaction rule took out at one place. Says where, never what.
///
/// @param rule id of the redaction rule
/// @param pointer JSON pointer (RFC 6901) into the message
/// @param count how many matches there were at that place
public record Redaction(String rule, String pointer, int count) {

  public Redaction {
    Objects.requireNonNull(rule, "rule");
    Objects.requireNonNull(pointer, "pointer");
    if (count < 1) {
      throw new IllegalArgumentException("count: " + count + " (expected: >= 1)");
    }
  }
}
