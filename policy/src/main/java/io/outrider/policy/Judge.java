package io.outrider.policy;

import io.outrider.policy.Decision.Cause;
import io.outrider.policy.compile.Program;
import io.outrider.policy.compile.RuleDef;
import io.outrider.policy.compile.RuleSet;
import io.outrider.policy.eval.EvalException;
import io.outrider.policy.eval.Origin;
import io.outrider.policy.eval.Session;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Carries out the policy contract: asks the entry rules of every package and makes one verdict of
/// their answers.
final class Judge {
  private final List<Entry> entries;
  private final RuleRef[][] refs;

  Judge(List<Entry> entries, Program program) {
    this.entries = entries;
    this.refs = new RuleRef[program.defs().size()][];
    for (RuleDef def : program.defs()) {
      RuleRef[] branches = new RuleRef[def.branches().size()];
      for (int i = 0; i < branches.length; i++) {
        int row = i == 0 ? def.at().row() : def.branches().get(i).at().row();
        branches[i] = new RuleRef(def.owner().name(), def.at().file(), row);
      }
      refs[def.id()] = branches;
    }
  }

  private RuleRef ref(Origin origin) {
    return refs[origin.def().id()][origin.branch()];
  }

  /// What has come together so far.
  private static final class Findings {
    final List<Reason> denies = new ArrayList<>();
    final List<Reason> silences = new ArrayList<>();
    final List<Reason> defects = new ArrayList<>();
    final List<Reason> warnings = new ArrayList<>();
    final List<Obligation> obligations = new ArrayList<>();
    final Map<String, String> labels = new HashMap<>();
    final List<RuleRef> rules = new ArrayList<>();

    void rule(RuleRef rule) {
      if (!rules.contains(rule)) {
        rules.add(rule);
      }
    }
  }

  /// The decision when judging failed.
  static Decision failed(Throwable e) {
    return new Decision.Deny(Cause.EVALUATION_FAILED, List.of(reason(e)), List.of(), List.of());
  }

  static Visibility hidden(Throwable e) {
    return hidden(Cause.EVALUATION_FAILED, reason(e), List.of());
  }

  private static Reason reason(Throwable thrown) {
    if (!(thrown instanceof EvalException e)) {
      // The class and no more: messages of such errors may quote values.
      return engine("policy_error", "internal error while judging: " + thrown.getClass().getName());
    }
    String code =
        switch (e.kind()) {
          case ERROR -> "policy_error";
          case TOO_MANY_STEPS -> "policy_too_many_steps";
          case TOO_DEEP -> "policy_too_deep";
          case TOO_SLOW -> "policy_too_slow";
          case TOO_BIG -> "policy_too_big";
        };
    Span at = e.at();
    return engine(code, (at == null ? "" : at + ": ") + e.code() + ": " + e.text());
  }

  Decision decide(Session session, RegoValue input) {
    boolean response =
        input instanceof RegoObject o
            && o.get("phase") instanceof RegoString phase
            && phase.value().equals("response");
    Findings findings = new Findings();
    if (entries.isEmpty()) {
      findings.silences.add(engine("policy_undefined", "no policy package is named"));
    }
    for (Entry entry : entries) {
      deny(session, entry, findings);
      if (!response) {
        allow(session, entry, findings);
        visible(session, entry, findings);
      }
      warn(session, entry, findings);
      obligations(session, entry, findings);
      labels(session, entry, findings);
    }
    if (!findings.defects.isEmpty()) {
      return verdict(Cause.BAD_DECISION, findings.defects, findings);
    }
    if (!findings.denies.isEmpty()) {
      return verdict(Cause.DENY_RULE, findings.denies, findings);
    }
    if (!findings.silences.isEmpty()) {
      return verdict(Cause.NOT_ALLOWED, findings.silences, findings);
    }
    return new Decision.Allow(
        findings.obligations, findings.warnings, findings.labels, findings.rules);
  }

  private static Decision verdict(Cause cause, List<Reason> reasons, Findings findings) {
    return new Decision.Deny(cause, reasons, findings.warnings, findings.rules);
  }

  private static Reason engine(String code, String message) {
    return new Reason(code, message, false, "", null);
  }

  private static void defect(RuleSet set, RegoValue value, String expected, Findings findings) {
    findings.defects.add(
        engine(
            "policy_type", set.name() + ": " + value.typeName() + " (expected: " + expected + ")"));
  }

  private void allow(Session session, Entry entry, Findings findings) {
    RuleSet set = entry.allow();
    if (set == null) {
      findings.silences.add(
          engine("policy_undefined", "data." + entry.packageName() + ".allow is not defined"));
      return;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    origins.forEach(origin -> findings.rule(ref(origin)));
    if (value == null) {
      findings.silences.add(engine("policy_undefined", set.name() + " is undefined"));
    } else if (value == RegoBoolean.FALSE) {
      findings.silences.add(engine("not_allowed", set.name() + " is false"));
    } else if (value != RegoBoolean.TRUE) {
      defect(set, value, "true or false", findings);
    }
  }

  /// A tool that is kept out of the list is refused on call too: a name that was guessed opens
  /// nothing.
  private void visible(Session session, Entry entry, Findings findings) {
    RuleSet set = entry.visible();
    if (set == null) {
      return;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    if (value == null && entry.visibleOnlySaysTrue()) {
      findings.silences.add(engine("not_visible", set.name() + " is undefined"));
    } else if (value == RegoBoolean.FALSE) {
      origins.forEach(origin -> findings.rule(ref(origin)));
      findings.silences.add(engine("not_visible", set.name() + " is false"));
    } else if (value != null && value != RegoBoolean.TRUE) {
      defect(set, value, "true or false", findings);
    }
  }

  private void deny(Session session, Entry entry, Findings findings) {
    reasons(session, entry.deny(), findings.denies, findings);
  }

  private void warn(Session session, Entry entry, Findings findings) {
    reasons(session, entry.warn(), findings.warnings, findings);
  }

  private void reasons(
      Session session, @Nullable RuleSet set, List<Reason> reasons, Findings findings) {
    if (set == null) {
      return;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    if (value == null) {
      return;
    }
    if (set.kind() == RuleSet.Kind.SET) {
      for (Origin origin : origins) {
        RuleRef rule = ref(origin);
        findings.rule(rule);
        reasons.add(Verdicts.reason(origin.value(), rule));
      }
      return;
    }
    List<RegoValue> elements = Verdicts.elements(value);
    if (elements == null) {
      defect(set, value, "a set of messages", findings);
      return;
    }
    RuleRef rule = origins.isEmpty() ? null : ref(origins.getFirst());
    if (!elements.isEmpty()) {
      origins.forEach(origin -> findings.rule(ref(origin)));
    }
    elements.forEach(element -> reasons.add(Verdicts.reason(element, rule)));
  }

  private void obligations(Session session, Entry entry, Findings findings) {
    RuleSet set = entry.obligations();
    if (set == null) {
      return;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    if (value == null) {
      return;
    }
    List<Obligation> found = Verdicts.obligations(value);
    if (found == null) {
      defect(set, value, "objects with a type, such as {\"type\": \"redact\"}", findings);
      return;
    }
    origins.forEach(origin -> findings.rule(ref(origin)));
    found.stream()
        .filter(o -> !findings.obligations.contains(o))
        .forEach(findings.obligations::add);
  }

  private void labels(Session session, Entry entry, Findings findings) {
    RuleSet set = entry.labels();
    if (set == null) {
      return;
    }
    RegoValue value = session.document(set, new ArrayList<>(2));
    if (value == null) {
      return;
    }
    if (!(value instanceof RegoObject object)) {
      defect(set, value, "an object of strings", findings);
      return;
    }
    for (RegoObject.Entry label : object) {
      if (!(label.key() instanceof RegoString key && label.value() instanceof RegoString text)) {
        defect(set, label.value(), "an object of strings", findings);
        return;
      }
      findings.labels.put(key.value(), text.value());
    }
  }

  // With documents unknown.

  Visibility visibility(Session session) {
    if (entries.isEmpty()) {
      return hidden(
          Cause.NOT_ALLOWED, engine("policy_undefined", "no policy package is named"), List.of());
    }
    for (Entry entry : entries) {
      Visibility.Hidden hidden = visible(session, entry);
      if (hidden == null) {
        hidden = certainlyDenied(session, entry);
      }
      if (hidden == null) {
        hidden = neverAllowed(session, entry);
      }
      if (hidden != null) {
        return hidden;
      }
    }
    return new Visibility.Visible();
  }

  private static Visibility.Hidden hidden(Cause cause, Reason reason, List<RuleRef> rules) {
    return new Visibility.Hidden(cause, List.of(reason), rules);
  }

  private Visibility.@Nullable Hidden visible(Session session, Entry entry) {
    RuleSet set = entry.visible();
    if (set == null) {
      return null;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    List<RuleRef> rules = origins.stream().map(this::ref).toList();
    if (value == RegoBoolean.TRUE || Session.isUnknown(value)) {
      return null;
    }
    if (value == null) {
      return entry.visibleOnlySaysTrue()
          ? hidden(Cause.NOT_ALLOWED, engine("not_visible", set.name() + " is undefined"), rules)
          : null;
    }
    if (value == RegoBoolean.FALSE) {
      return hidden(Cause.NOT_ALLOWED, engine("not_visible", set.name() + " is false"), rules);
    }
    return wrongType(set, value, "true or false");
  }

  private static Visibility.Hidden wrongType(RuleSet set, RegoValue value, String expected) {
    String message = set.name() + ": " + value.typeName() + " (expected: " + expected + ")";
    return hidden(Cause.BAD_DECISION, engine("policy_type", message), List.of());
  }

  private Visibility.@Nullable Hidden certainlyDenied(Session session, Entry entry) {
    RuleSet set = entry.deny();
    if (set == null) {
      return null;
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    if (set.kind() == RuleSet.Kind.SET) {
      for (Origin origin : origins) {
        if (origin.certain()) {
          return hidden(
              Cause.DENY_RULE, Verdicts.reason(origin.value(), ref(origin)), List.of(ref(origin)));
        }
      }
      return null;
    }
    if (value == null || Session.isUnknown(value)) {
      return null;
    }
    List<RegoValue> elements = Verdicts.elements(value);
    if (elements == null) {
      return wrongType(set, value, "a set of messages");
    }
    return elements.isEmpty()
        ? null
        : hidden(Cause.DENY_RULE, Verdicts.reason(elements.getFirst(), null), List.of());
  }

  private Visibility.@Nullable Hidden neverAllowed(Session session, Entry entry) {
    RuleSet set = entry.allow();
    if (set == null) {
      return hidden(
          Cause.NOT_ALLOWED,
          engine("policy_undefined", "data." + entry.packageName() + ".allow is not defined"),
          List.of());
    }
    List<Origin> origins = new ArrayList<>(2);
    RegoValue value = session.document(set, origins);
    if (value == RegoBoolean.TRUE || Session.isUnknown(value)) {
      return null;
    }
    List<RuleRef> rules = origins.stream().map(this::ref).toList();
    if (value == null) {
      return hidden(
          Cause.NOT_ALLOWED, engine("policy_undefined", set.name() + " is undefined"), rules);
    }
    return value == RegoBoolean.FALSE
        ? hidden(Cause.NOT_ALLOWED, engine("not_allowed", set.name() + " is false"), rules)
        : wrongType(set, value, "true or false");
  }
}
