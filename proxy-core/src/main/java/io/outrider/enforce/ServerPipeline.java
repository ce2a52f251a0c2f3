package io.outrider.enforce;

import io.outrider.audit.record.Event;
import io.outrider.enforce.PolicyInput.Asker;
import io.outrider.enforce.RedactionGate.Looked;
import io.outrider.enforce.Treatments.Subject;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.policy.Decision;
import io.outrider.redaction.Detectors;
import io.outrider.redaction.Finding;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// What a server says that is not an answer: notifications, and asks of the client, whether they
/// come as requests (legacy) or inside a result (2026-07-28). Thread-safe.
final class ServerPipeline {

  /// Notifications a server may send (MCP schema, all revisions).
  private static final Set<String> NOTICES =
      Set.of(
          "notifications/cancelled",
          "notifications/progress",
          "notifications/message",
          "notifications/resources/updated",
          "notifications/resources/list_changed",
          "notifications/tools/list_changed",
          "notifications/prompts/list_changed",
          "notifications/elicitation/complete",
          "notifications/subscriptions/acknowledged",
          "notifications/tasks/status",
          "notifications/tasks");

  /// Requests a legacy server may send.
  private static final Set<String> ASKS =
      Set.of(
          "ping",
          "sampling/createMessage",
          "elicitation/create",
          "roots/list",
          "tasks/get",
          "tasks/result",
          "tasks/list",
          "tasks/cancel");

  private final ToolCatalog tools;
  private final Transports transports;
  private final AuditTrail audit;
  private final InstantSource clock;

  ServerPipeline(ToolCatalog tools, Transports transports, AuditTrail audit, InstantSource clock) {
    this.tools = tools;
    this.transports = transports;
    this.audit = audit;
    this.clock = clock;
  }

  /// What becomes of a message.
  sealed interface Passage {
    /// It goes to the client.
    record Deliver(byte[] bytes, List<Finding> findings) implements Passage {}

    /// It does not.
    record Drop(String why) implements Passage {}
  }

  Passage notice(
      JsonRpcMessage.Notification message,
      String upstream,
      Rules rules,
      List<Detectors> extra,
      Subject subject) {
    if (message.method().equals("notifications/tools/list_changed")) {
      tools.changed(upstream);
    }
    return NOTICES.contains(message.method())
        ? redacted(message.bytes(), rules, extra, subject)
        : new Passage.Drop("a notification MCP does not know");
  }

  /// A request of a legacy server to its client.
  Passage ask(JsonRpcMessage.Request message, Asker asker, Rules rules) {
    if (!ASKS.contains(message.method())) {
      return new Passage.Drop("a request MCP does not know");
    }
    JsonNode params = message.params() == null ? MissingNode.getInstance() : message.params();
    String denied =
        message.method().equals("ping") ? null : denial(asker, message.method(), params, rules);
    return denied == null
        ? redacted(message.bytes(), rules, List.of(), asker.subject())
        : new Passage.Drop(denied);
  }

  /// Asks the policy about something a server wants of a client, and records the answer.
  ///
  /// @return why not, or null
  @Nullable String denial(Asker asker, String method, JsonNode params, Rules rules) {
    Decision decision =
        rules
            .policy()
            .decide(
                PolicyInput.ask(
                    asker, method, params, clock.instant(), transports.of(asker.upstream())));
    String denied =
        decision instanceof Decision.Deny deny
            ? PolicyGate.code(deny) + ": " + PolicyGate.detail(deny)
            : null;
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("upstream", asker.upstream());
    facts.put("principal", asker.principal().id());
    facts.put("method", method);
    facts.put("verdict", denied == null ? "allow" : rules.shadow() ? "shadow_deny" : "deny");
    if (denied != null) {
      facts.put("reason", denied);
    }
    audit.event(Event.Kind.SERVER_REQUEST, rules, facts);
    return rules.shadow() ? null : denied;
  }

  private static Passage redacted(
      byte[] bytes, Rules rules, List<Detectors> extra, Subject subject) {
    if (!rules.redactResponses()) {
      return new Passage.Deliver(bytes, List.of());
    }
    return switch (RedactionGate.look(bytes, rules, extra, rules.handling(subject))) {
      case Looked.Clean(RedactionGate.Cleaned cleaned) ->
          new Passage.Deliver(cleaned.bytes(), cleaned.findings());
      case Looked.Refused refused -> new Passage.Drop(refused.code() + ": " + refused.detail());
    };
  }
}
