package io.outrider.redaction;

import java.util.List;
import java.util.Objects;

/// What came out of looking through one message.
public sealed interface Redaction {
  /// The answer for a message in which nothing at all was found.
  Clean CLEAN = new Clean(List.of());

  /// Everything that was found, in the order of the text.
  List<Finding> findings();

  /// The message may pass as it came, byte for byte.
  ///
  /// @param findings what rules with [Action#ALERT] found; empty for nearly every message
  record Clean(List<Finding> findings) implements Redaction {
    public Clean {
      findings = List.copyOf(findings);
    }
  }

  /// The message may pass in this form.
  ///
  /// @param json the message with every found value replaced; all other bytes are those that came
  ///   in. The array belongs to the caller.
  /// @param findings at least one, alerts included
  record Redacted(byte[] json, List<Finding> findings) implements Redaction {
    public Redacted {
      Objects.requireNonNull(json);
      findings = List.copyOf(findings);
      if (findings.isEmpty()) {
        throw new IllegalArgumentException("findings: 0 (expected: at least 1)");
      }
    }

    /// Says how much was found, never what.
    @Override
    public String toString() {
      return "Redacted[" + json.length + " bytes, findings=" + findings + "]";
    }
  }

  /// The message must not pass.
  ///
  /// @param reason why
  /// @param findings what was found before the answer was clear
  record Blocked(Reason reason, List<Finding> findings) implements Redaction {
    public Blocked {
      Objects.requireNonNull(reason);
      findings = List.copyOf(findings);
    }
  }

  /// Why a message was blocked.
  enum Reason {
    /// A rule whose action is [Action#BLOCK] found something.
    RULE,
    /// More was found than [RedactionOptions#maxFindings] allows.
    TOO_MANY_FINDINGS,
    /// A secret is the name of a JSON member. Names are never edited, so it cannot be masked.
    SECRET_IN_KEY,
    /// A secret stands where the message names what it is about ([Scope.Otherwise#BLOCK]), which
    /// cannot be masked either.
    SECRET_IN_NAME
  }
}
