package io.outrider.policy;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the values that the rules of the policy contract give.
final class Verdicts {
  /// The code of a deny for which the policy gave only a message.
  static final String DENIED = "policy_denied";

  private Verdicts() {}

  /// One element of `deny` or `warn`. Any value makes a reason: an odd one must not become no deny
  /// at all.
  static Reason reason(RegoValue value, @Nullable RuleRef rule) {
    if (value instanceof RegoString s) {
      return new Reason(DENIED, s.value(), false, "", rule);
    }
    if (!(value instanceof RegoObject o)) {
      return new Reason(DENIED, value.toString(), false, "", rule);
    }
    String message = text(o, "msg");
    if (message == null) {
      message = text(o, "message");
    }
    String code = text(o, "code");
    String severity = text(o, "severity");
    return new Reason(
        code == null ? DENIED : code,
        message == null ? (code == null ? value.toString() : code) : message,
        o.get("public") == RegoBoolean.TRUE,
        severity == null ? "" : severity,
        answer(o),
        rule);
  }

  private static Reason.@Nullable Answer answer(RegoObject object) {
    RegoValue word = object.get("answer");
    return word == null ? null : Reason.Answer.of(word instanceof RegoString s ? s.value() : "");
  }

  private static @Nullable String text(RegoObject object, String key) {
    return object.get(key) instanceof RegoString s ? s.value() : null;
  }

  /// The elements of a set, an array, or the keys of an object; null for any other value.
  ///
  /// Keys, because `deny[msg] if {..}`, which made a set in Rego v0, makes an object in v1.
  static @Nullable List<RegoValue> elements(RegoValue value) {
    List<RegoValue> elements = new ArrayList<>();
    switch (value) {
      case RegoSet set -> set.forEach(elements::add);
      case RegoArray array -> array.forEach(elements::add);
      case RegoObject object -> object.forEach(entry -> elements.add(entry.key()));
      default -> {
        return null;
      }
    }
    return elements;
  }

  /// The obligations in a set or array of objects with a `type`, or in an object keyed by type;
  /// null for anything else.
  static @Nullable List<Obligation> obligations(RegoValue value) {
    List<Obligation> found = new ArrayList<>();
    if (value instanceof RegoObject byType) {
      for (RegoObject.Entry entry : byType) {
        if (!(entry.key() instanceof RegoString type && entry.value() instanceof RegoObject o)) {
          return null;
        }
        found.add(new Obligation(type.value(), o.with(RegoString.of("type"), type)));
      }
      return found;
    }
    List<RegoValue> elements = elements(value);
    if (elements == null) {
      return null;
    }
    for (RegoValue element : elements) {
      if (!(element instanceof RegoObject o && o.get("type") instanceof RegoString type)) {
        return null;
      }
      found.add(new Obligation(type.value(), o));
    }
    return found;
  }
}
