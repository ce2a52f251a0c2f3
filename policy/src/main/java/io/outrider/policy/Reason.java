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
/// @param answer how the client is to be told, or null where the policy did not say
/// @param rule the rule that produced it, or null where no single rule did
public record Reason(
    String code,
    String message,
    boolean isPublic,
    String severity,
    @Nullable Answer answer,
    @Nullable RuleRef rule) {

  /// How a client is told of a denial, the most reserved first.
  public enum Answer {
    /// As if there were no such tool, prompt or resource.
    HIDDEN,
    /// By an error of the protocol.
    ERROR,
    /// By a result that the model reads, so that it can try something else.
    MODEL;

    /// A word nobody knows is taken for the most reserved one: whoever wrote it wanted something
    /// other than the default.
    static Answer of(String word) {
      return switch (word) {
        case "error" -> ERROR;
        case "model" -> MODEL;
        default -> HIDDEN;
      };
    }
  }

  /// A reason that does not say how the client is to be told.
  public Reason(
      String code, String message, boolean isPublic, String severity, @Nullable RuleRef rule) {
    this(code, message, isPublic, severity, null, rule);
  }

  public Reason {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(severity, "severity");
  }
}
