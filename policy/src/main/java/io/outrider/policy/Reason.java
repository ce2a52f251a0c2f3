package io.outrider.policy;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Why a decision came out as it did: one element of `deny` or `warn`, or what the engine itself
/// found wrong.
///
/// @param code a stable machine-readable word; `policy_denied` where the policy gave only a message
/// @param message text for people; to the client only if `isPublic`
/// @param isPublic whether the policy said that the client may read the message
/// @param severity what the policy said, in its own words (`high`, ...), or the empty string
/// @param rule the rule that produced it, or null where no single rule did
public record Reason(
    String code, String message, boolean isPublic, String severity, @Nullable RuleRef rule) {
  public Reason {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(severity, "severity");
  }
}
