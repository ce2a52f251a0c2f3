package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.enforce.Treatments.Subject;
import io.outrider.mcp.McpMethod;
import io.outrider.redaction.Detectors;
import io.outrider.redaction.Finding;
import io.outrider.redaction.Handling;
import io.outrider.redaction.Redaction;
import io.outrider.redaction.RedactionException;
import io.outrider.redaction.Scope;
import io.outrider.settings.RedactionSettings.Direction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes secrets out of what passes. A failure to look is never a pass.
final class RedactionGate {

  /// A message after redaction.
  ///
  /// @param bytes what may go on, the array that came in when nothing changed
  /// @param findings what was found, by rule and place
  record Cleaned(byte[] bytes, List<Finding> findings) {}

  /// Either cleaned, or why not.
  sealed interface Looked {
    record Clean(Cleaned message) implements Looked {}

    /// @param code `secret_blocked` or `redaction_failed`
    record Refused(String code, String detail, List<Finding> findings) implements Looked {}
  }

  private static final Logger log = LoggerFactory.getLogger(RedactionGate.class);
  private static final List<Detectors> STANDARD = List.of(Detectors.NONE);

  private RedactionGate() {}

  /// @param extra what a policy obligation adds to the rules that are always on
  /// @param handling what becomes of what is found, where that depends on whose message it is
  static Looked look(byte[] bytes, Rules rules, List<Detectors> extra, Handling handling) {
    byte[] current = bytes;
    List<Finding> findings = List.of();
    try {
      for (Detectors detectors : extra.isEmpty() ? STANDARD : extra) {
        Redaction redaction =
            rules
                .redactor()
                .redact(current, 0, current.length, McpScope.INSTANCE, detectors, handling);
        findings = join(findings, redaction.findings());
        switch (redaction) {
          case Redaction.Clean _ -> {}
          case Redaction.Redacted redacted -> current = redacted.json();
          case Redaction.Blocked blocked -> {
            return new Looked.Refused(
                "secret_blocked", "redaction blocked the message: " + blocked.reason(), findings);
          }
        }
      }
    } catch (RedactionException e) {
      return new Looked.Refused("redaction_failed", String.valueOf(e.getMessage()), findings);
    }
    return new Looked.Clean(new Cleaned(current, findings));
  }

  /// The request as it will be sent, or the refusal.
  static Looked request(Call call, Rules rules, Duties duties) {
    if (!rules.redactRequests() && duties.redactRequest().isEmpty()) {
      return new Looked.Clean(new Cleaned(call.message().bytes(), List.of()));
    }
    return look(
        call.message().bytes(),
        rules,
        duties.redactRequest(),
        rules.handling(Subject.of(call, Direction.REQUEST)));
  }

  /// Mirrored arguments leave in headers too.
  static List<Call.ParamHeader> headers(Call call, Rules rules, Duties duties) {
    if (call.paramHeaders().isEmpty() || !rules.redactRequests()) {
      return call.paramHeaders();
    }
    Handling handling = rules.handling(Subject.of(call, Direction.REQUEST));
    return call.paramHeaders().stream()
        .map(h -> {
          String clean = rules.redactor().redactText(h.value(), handling);
          String sent =
              duties.restore()
                  ? rules.vault().restored(clean, handling.scope()).orElse(clean)
                  : clean;
          return new Call.ParamHeader(h.header(), sent);
        })
        .toList();
  }

  /// The message with the tokens in it turned back into what they stand for, if the policy wants
  /// that and they were given to this caller by this upstream; or the refusal. A token that is not
  /// known must not pass: written somewhere, it would take the place of the secret for good.
  static Looked restored(Call call, Rules rules, Duties duties, Cleaned cleaned) {
    if (!duties.restore() || call.method() != McpMethod.TOOLS_CALL) {
      return new Looked.Clean(cleaned);
    }
    Subject subject = Subject.of(call, Direction.REQUEST);
    return rules
        .vault()
        .restored(cleaned.bytes(), rules.handling(subject).scope())
        .<Looked>map(bytes -> new Looked.Clean(new Cleaned(bytes, cleaned.findings())))
        .orElseGet(() ->
            new Looked.Refused(
                "token_unknown",
                "an argument holds a token that this server never gave to this caller, or that was forgotten",
                cleaned.findings()));
  }

  static Refusal refusal(Looked.Refused refused) {
    return new Refusal.Unredactable(refused.code(), refused.detail());
  }

  /// The text that may stand in a record, or null when it must not.
  static @Nullable String recordable(byte[] bytes, Rules rules) {
    return masked(bytes, rules, Scope.everything());
  }

  /// An error of ours as it may be told, or null when it must not: it quotes others at times.
  static @Nullable String tellable(byte[] bytes, Rules rules) {
    return masked(bytes, rules, McpScope.INSTANCE);
  }

  private static @Nullable String masked(byte[] bytes, Rules rules, Scope scope) {
    try {
      Redaction redaction =
          rules
              .redactor()
              .redact(bytes, 0, bytes.length, scope, Detectors.NONE, Handling.FOR_RECORDS);
      return switch (redaction) {
        case Redaction.Clean _ -> new String(bytes, StandardCharsets.UTF_8);
        case Redaction.Redacted redacted -> new String(redacted.json(), StandardCharsets.UTF_8);
        case Redaction.Blocked _ -> null;
      };
    } catch (RuntimeException e) {
      // The record matters more than the payload in it, and an answer more than its words.
      log.atError().setCause(e).log("redacting a payload or an error failed");
      return null;
    }
  }

  private static List<Finding> join(List<Finding> a, List<Finding> b) {
    if (a.isEmpty()) {
      return b;
    }
    if (b.isEmpty()) {
      return a;
    }
    List<Finding> both = new ArrayList<>(a);
    both.addAll(b);
    return both;
  }
}
