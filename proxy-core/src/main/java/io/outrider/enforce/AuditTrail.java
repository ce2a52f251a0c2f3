package io.outrider.enforce;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision.Verdict;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Redaction;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import io.outrider.call.Call;
import io.outrider.call.CallId;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.DeniedByPolicy.Manner;
import io.outrider.policy.Decision;
import io.outrider.policy.Reason;
import io.outrider.policy.RuleRef;
import io.outrider.redaction.Action;
import io.outrider.redaction.Finding;
import io.outrider.redaction.Redactor;
import io.outrider.session.Inbound;
import io.outrider.session.Opened;
import io.outrider.telemetry.CallMetrics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Says in audit records what the gates and the way back did. Thread-safe.
public final class AuditTrail {

  private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);
  private static final Executor INLINE = Runnable::run;

  /// Names of tools and clients are shorter; what is longer would only fill memory.
  private static final int MAX_FAMILIAR = 128;

  private final AuditLog audit;
  private final ToolCatalog tools;
  private final InstantSource clock;
  private final CallMetrics metrics;
  private final Memo<io.outrider.call.Principal, Principal> principals = new Memo<>();
  private final Memo<List<RuleRef>, List<Rule>> ruleLists = new Memo<>();
  private volatile @Nullable Redacted redacted;

  /// What these rules of redaction made of texts.
  private record Redacted(Redactor by, Memo<String, String> texts) {}

  public AuditTrail(AuditLog audit, ToolCatalog tools, CallMetrics metrics, InstantSource clock) {
    this.audit = audit;
    this.metrics = metrics;
    this.tools = tools;
    this.clock = clock;
  }

  /// Records the decision to forward. `then` hears on `loop`, with a receipt or without.
  void intent(
      Call call,
      Rules rules,
      PolicyGate.Judgement.Passed passed,
      RedactionGate.Cleaned cleaned,
      long waitedNanos,
      Executor loop,
      AppendListener then) {
    Verdict verdict =
        passed.decision() == null
            ? Verdict.NONE
            : passed.shadowed() == null ? Verdict.ALLOW : Verdict.SHADOW_DENY;
    Payload input = payload(call.message().bytes(), cleaned.bytes(), cleaned.findings(), rules);
    audit.append(
        new Intent(
            facts(call, rules, input),
            decision(
                verdict,
                passed.decision(),
                passed.duties().names(),
                rules,
                cleaned.findings(),
                passed.nanos(),
                waitedNanos)),
        loop,
        then);
  }

  /// Records that a call was turned away.
  void refusal(
      Call call,
      Rules rules,
      Refusal refusal,
      @Nullable Decision decision,
      List<Finding> findings,
      long policyNanos) {
    Verdict verdict =
        decision == null
            ? Verdict.NONE
            : decision instanceof Decision.Deny ? Verdict.DENY : Verdict.ALLOW;
    Payload input = payload(call.message().bytes(), null, List.of(), rules);
    append(
        new io.outrider.audit.record.Refusal(
            facts(call, rules, input),
            refusal.slug(),
            reasons(refusal, rules),
            decision(verdict, decision, List.of(), rules, findings, policyNanos, 0)));
  }

  /// Records that a message was turned away before it was a call.
  ///
  /// @return the id under which the record is found
  public CallId refusal(Opened.Refused refused, Rules rules) {
    Inbound in = refused.inbound();
    CallId id = CallId.at(clock.millis());
    Target target =
        new Target(
            refused.era().slug(),
            null,
            in.upstream(),
            refused.method() == null ? null : rules.redactor().recordText(refused.method()),
            null,
            null);
    Source source =
        new Source(
            in.source().transport(),
            in.source().ip(),
            null,
            null,
            refused.id() == null ? null : rules.redactor().recordText(refused.id().toJson()),
            null);
    Payload input =
        Payload.of(
            in.body().length,
            rules.recordPayloads() == Rules.Payloads.NONE ? null : Digests.sha256(in.body()));
    CallFacts facts =
        new CallFacts(
            id.text(),
            clock.instant(),
            principal(in.principal()),
            Client.UNKNOWN,
            source,
            target,
            input);
    append(
        new io.outrider.audit.record.Refusal(
            facts,
            refused.refusal().slug(),
            reasons(refused.refusal(), rules),
            io.outrider.audit.record.Decision.NONE));
    return id;
  }

  /// Records how a forwarded call ended.
  void outcome(
      Permit permit,
      Outcome outcome,
      byte @Nullable [] received,
      byte @Nullable [] delivered,
      OptionalInt errorCode,
      List<Finding> findings,
      long upstreamNanos,
      long totalNanos) {
    boolean isError = outcome instanceof Outcome.Completed completed && completed.isError();
    String detail = outcome instanceof Failure failure ? failure.detail() : "";
    OptionalLong intent =
        permit.intentIndex() < 0 ? OptionalLong.empty() : OptionalLong.of(permit.intentIndex());
    Payload response =
        received == null ? Payload.NONE : payload(received, delivered, findings, permit.rules());
    append(
        new io.outrider.audit.record.Outcome(
            permit.call().id().text(),
            clock.instant(),
            intent,
            outcome.slug(),
            upstreamNanos,
            totalNanos,
            isError,
            errorCode,
            response,
            redactions(findings),
            detail.isEmpty() ? null : permit.rules().redactor().recordText(detail)));
  }

  /// Records something that is not a call. Values are redacted here; keys are ours.
  public void event(Event.Kind kind, Rules rules, Map<String, String> fields) {
    Map<String, String> clean = new LinkedHashMap<>();
    fields.forEach((key, value) -> clean.put(key, rules.redactor().recordText(value)));
    append(new Event(kind, clock.instant(), clean));
  }

  private void append(AuditRecord record) {
    audit.appendLater(record, INLINE, LOG_FAILURES);
  }

  /// Refusals and outcomes are not awaited: nothing is held back for them, and a log that cannot
  /// write refuses the next call at its intent.
  private static final AppendListener LOG_FAILURES =
      new AppendListener() {
        @Override
        public void durable(Receipt receipt) {}

        @Override
        public void failed(AuditUnavailable reason) {
          log.atError()
              .addKeyValue("reason", reason)
              .log("a record could not be written to the audit log");
        }
      };

  private CallFacts facts(Call call, Rules rules, Payload input) {
    Instant time = call.receivedAt();
    JsonNode trace =
        call.message().params() == null
            ? null
            : call.message().params().path("_meta").path("traceparent");
    Source source =
        new Source(
            call.source().transport(),
            call.source().ip(),
            null,
            call.session(),
            rules.redactor().recordText(call.message().id().toJson()),
            trace != null && trace.isString()
                ? rules.redactor().recordText(trace.stringValue())
                : null);
    ToolCatalog.Tool tool = tools.find(call.upstream(), PolicyGate.toolName(call));
    Target target =
        new Target(
            call.era().slug(),
            call.revision() == null ? null : familiar(call.revision(), rules),
            call.upstream(),
            call.method().wire(),
            call.name() == null ? null : familiar(call.name(), rules),
            tool == null ? null : tool.digest());
    return new CallFacts(
        call.id().text(),
        time,
        principal(call.principal()),
        new Client(text(call.client().name(), rules), text(call.client().version(), rules)),
        source,
        target,
        input);
  }

  private @Nullable String text(String unverified, Rules rules) {
    return unverified.isEmpty() ? null : familiar(unverified, rules);
  }

  /// A text that comes with nearly every call, redacted.
  private String familiar(String text, Rules rules) {
    if (text.length() > MAX_FAMILIAR) {
      return rules.redactor().recordText(text);
    }
    Redacted known = redacted;
    if (known == null || known.by != rules.redactor()) {
      known = new Redacted(rules.redactor(), new Memo<>());
      redacted = known;
    }
    return known.texts.get(text, known.by::recordText);
  }

  private Principal principal(io.outrider.call.Principal principal) {
    return principals.get(principal, p -> new Principal(p.id(), p.type().slug(), p.auth().slug()));
  }

  /// @param cleaned the bytes after redaction, or null when nobody has looked yet
  private static Payload payload(
      byte[] received, byte @Nullable [] cleaned, List<Finding> findings, Rules rules) {
    return switch (rules.recordPayloads()) {
      case NONE -> Payload.of(received.length, null);
      case DIGEST -> Payload.of(received.length, Digests.sha256(received));
      case REDACTED -> {
        // What was let through by an alert or an exception is still no text for a record.
        boolean looked =
            cleaned != null
                && rules.redactRequests()
                && rules.redactResponses()
                && rules.treatments().isEmpty()
                && findings.stream().noneMatch(f -> f.action() == Action.ALERT);
        String text =
            looked
                ? new String(cleaned, StandardCharsets.UTF_8)
                : RedactionGate.recordable(cleaned == null ? received : cleaned, rules);
        yield new Payload(received.length, Digests.sha256(received), text);
      }
    };
  }

  private io.outrider.audit.record.Decision decision(
      Verdict verdict,
      @Nullable Decision decision,
      List<String> obligations,
      Rules rules,
      List<Finding> findings,
      long policyNanos,
      long waitedNanos) {
    List<RuleRef> refs =
        switch (decision) {
          case null -> List.of();
          case Decision.Allow allow -> allow.rules();
          case Decision.Deny deny -> deny.rules();
        };
    List<Reason> warnings =
        switch (decision) {
          case null -> List.of();
          case Decision.Allow allow -> allow.warnings();
          case Decision.Deny deny -> deny.warnings();
        };
    Map<String, String> labels =
        decision instanceof Decision.Allow allow ? allow.labels() : Map.of();
    return new io.outrider.audit.record.Decision(
        verdict,
        ruleLists.get(refs, AuditTrail::rules),
        rules.policy().digest(),
        rules.configDigest(),
        warnings.isEmpty() ? List.of() : warnings.stream().map(Reason::message).toList(),
        obligations,
        labels,
        redactions(findings),
        policyNanos,
        waitedNanos);
  }

  private static List<Rule> rules(List<RuleRef> refs) {
    return refs.stream().map(r -> new Rule(r.path(), r.file(), r.row())).toList();
  }

  private List<Redaction> redactions(List<Finding> findings) {
    if (findings.isEmpty()) {
      return List.of();
    }
    findings.forEach(f -> metrics.found(f.rule(), f.action().name().toLowerCase(Locale.ROOT)));
    Map<Finding, Integer> counts = new LinkedHashMap<>();
    findings.forEach(f -> counts.merge(f, 1, Integer::sum));
    return counts.entrySet().stream()
        .map(e -> {
          Finding f = e.getKey();
          return new Redaction(f.rule(), f.pointer(), e.getValue(), f.length(), f.digest());
        })
        .toList();
  }

  private static List<String> reasons(Refusal refusal, Rules rules) {
    return switch (refusal) {
      case Refusal.DeniedByPolicy denied -> {
        String detail = rules.redactor().recordText(denied.detail());
        yield switch (denied.manner()) {
          case Manner.Openly _ -> List.of(denied.code(), detail);
          case Manner.AsUnknown _ -> List.of(denied.code(), detail, "told as unknown");
          case Manner.ToTheModel _ -> List.of(denied.code(), detail, "told to the model");
        };
      }
      default -> List.of(rules.redactor().recordText(refusal.detail()));
    };
  }
}
