package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.DeniedByPolicy.Manner;
import io.outrider.mcp.McpMethod;
import io.outrider.policy.Decision;
import io.outrider.policy.Reason;
import io.outrider.policy.value.RegoObject;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Asks the policy about a call. There is one path to [Judgement.Passed]: an allow whose
/// obligations are all understood. Everything else is a refusal with its own code.
final class PolicyGate {

  private final ToolCatalog tools;
  private final Transports transports;

  PolicyGate(ToolCatalog tools, Transports transports) {
    this.tools = tools;
    this.transports = transports;
  }

  /// What the policy said about one call.
  sealed interface Judgement {

    /// @param decision null when the method is not judged
    /// @param shadowed the refusal that shadow mode let pass, or null
    record Passed(
        @Nullable Decision decision, Duties duties, @Nullable Refusal shadowed, long nanos)
        implements Judgement {}

    record Stopped(Refusal refusal, Decision decision, long nanos) implements Judgement {}
  }

  private static final Judgement NOT_JUDGED = new Judgement.Passed(null, Duties.NONE, null, 0);

  Judgement judge(Call call, Rules rules) {
    if (!call.method().isJudged()) {
      return NOT_JUDGED;
    }
    long start = System.nanoTime();
    Decision decision = decide(call, rules);
    long nanos = System.nanoTime() - start;
    return switch (decision) {
      case Decision.Allow allow -> {
        Duties.Reading reading =
            allow.obligations().isEmpty()
                ? Duties.NOTHING
                : Duties.of(allow.obligations(), subject(call), rules.redactor().knownDetectors());
        yield reading.problem() == null
            ? new Judgement.Passed(decision, reading.duties(), null, nanos)
            : stop(
                new Refusal.DeniedByPolicy(
                    call.id().text(), "obligation_unsupported", null, reading.problem()),
                decision,
                rules,
                nanos);
      }
      case Decision.Deny deny -> stop(refusal(call, deny), decision, rules, nanos);
    };
  }

  private static String subject(Call call) {
    return call.upstream() + "/" + (call.name() == null ? call.method().wire() : call.name());
  }

  private Decision decide(Call call, Rules rules) {
    RegoObject input =
        PolicyInput.request(
            call, tools.current(call.upstream(), toolName(call)), transports.of(call.upstream()));
    return rules.policy().decide(input);
  }

  private static Judgement stop(Refusal refusal, Decision decision, Rules rules, long nanos) {
    return rules.shadow()
        ? new Judgement.Passed(decision, Duties.NONE, refusal, nanos)
        : new Judgement.Stopped(refusal, decision, nanos);
  }

  private Refusal refusal(Call call, Decision.Deny deny) {
    String code = code(deny);
    String told =
        deny.reasons().stream()
            .filter(Reason::isPublic)
            .map(Reason::message)
            .collect(Collectors.joining("; "));
    return new Refusal.DeniedByPolicy(
        call.id().text(), code, told.isEmpty() ? null : told, detail(deny), manner(call, deny));
  }

  /// The most reserved manner that a reason asks for; reasons that do not say have no opinion.
  private static Manner manner(Call call, Decision.Deny deny) {
    Reason.Answer answer =
        deny.reasons().stream()
            .map(Reason::answer)
            .filter(Objects::nonNull)
            .min(Comparator.naturalOrder())
            .orElse(Reason.Answer.ERROR);
    return switch (answer) {
      case HIDDEN -> new Manner.AsUnknown(call.method(), call.name());
      case ERROR -> new Manner.Openly();
      case MODEL -> endsInToolResult(call) ? new Manner.ToTheModel() : new Manner.Openly();
    };
  }

  /// A call as a task is answered with the task, and its result comes later.
  private static boolean endsInToolResult(Call call) {
    ObjectNode params = call.message().params();
    return call.method() == McpMethod.TOOLS_CALL && params != null && !params.has("task");
  }

  /// The first code a rule gave, else the cause.
  static String code(Decision.Deny deny) {
    return deny.reasons().stream()
        .map(Reason::code)
        .filter(code -> code != null && !code.isEmpty())
        .findFirst()
        .orElse(
            switch (deny.cause()) {
              case DENY_RULE -> "denied";
              case NOT_ALLOWED -> "not_allowed";
              case EVALUATION_FAILED -> "policy_error";
              case BAD_DECISION -> "policy_type";
            });
  }

  static String detail(Decision.Deny deny) {
    List<String> reasons = deny.reasons().stream().map(Reason::message).toList();
    return reasons.isEmpty() ? "no rule allowed it" : String.join("; ", reasons);
  }

  static @Nullable String toolName(Call call) {
    return call.method() == McpMethod.TOOLS_CALL ? call.name() : null;
  }
}
