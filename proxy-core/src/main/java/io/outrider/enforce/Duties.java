package io.outrider.enforce;

import io.outrider.limit.LimitConfig;
import io.outrider.limit.PolicyLimit;
import io.outrider.limit.Rate;
import io.outrider.policy.Obligation;
import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import io.outrider.redaction.Detectors;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the policy demands in return for an allow, understood. An obligation that is not understood
/// cannot be met, and then the call is denied: [#of] says which.
///
/// @param redactRequest what to look for in the arguments, beyond the rules that are always on
/// @param redactResponse the same for the answer
/// @param limits limits of this call's own
/// @param restore whether tokens in the arguments are turned back into what they stand for
/// @param names the obligations as records list them
record Duties(
    List<Detectors> redactRequest,
    List<Detectors> redactResponse,
    List<PolicyLimit> limits,
    boolean restore,
    List<String> names) {

  static final Duties NONE = new Duties(List.of(), List.of(), List.of(), false, List.of());

  /// Duties, or the reason there are none.
  record Reading(Duties duties, @Nullable String problem) {}

  static final Reading NOTHING = new Reading(NONE, null);

  private static final Set<String> REDACT_MEMBERS = Set.of("type", "target", "paths", "detectors");
  private static final Set<String> RESTORE_MEMBERS = Set.of("type");
  private static final Set<String> LIMIT_MEMBERS = Set.of("type", "key", "rate", "concurrency");

  /// @param subject names the policy's own limits: upstream and tool, unless the policy gives a key
  static Reading of(List<Obligation> obligations, String subject, Set<String> knownDetectors) {
    if (obligations.isEmpty()) {
      return NOTHING;
    }
    List<Detectors> request = new ArrayList<>();
    List<Detectors> response = new ArrayList<>();
    List<PolicyLimit> limits = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean restore = false;
    for (Obligation obligation : obligations) {
      names.add(obligation.type());
      try {
        switch (obligation.type()) {
          case "redact" -> redact(obligation.params(), request, response, knownDetectors);
          case "limit" -> limits.add(limit(obligation.params(), subject));
          case "restore" -> {
            onlyMembers(obligation.params(), RESTORE_MEMBERS);
            restore = true;
          }
          default ->
              throw new IllegalArgumentException(
                  "type '" + obligation.type() + "' (expected: redact, restore or limit)");
        }
      } catch (IllegalArgumentException e) {
        return new Reading(NONE, "obligation: " + e.getMessage());
      }
    }
    return new Reading(new Duties(request, response, limits, restore, names), null);
  }

  private static void redact(
      RegoObject params, List<Detectors> request, List<Detectors> response, Set<String> known) {
    onlyMembers(params, REDACT_MEMBERS);
    String target = text(params, "target", "response");
    Set<String> names = new LinkedHashSet<>(texts(params, "detectors"));
    for (String name : names) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "detector '" + name + "' (expected: a rule or group that is loaded)");
      }
    }
    List<String> paths = texts(params, "paths");
    switch (target) {
      case "arguments" -> request.add(new Detectors(names, paths, "/params/arguments"));
      case "response" -> response.add(new Detectors(names, paths, "/result"));
      default ->
          throw new IllegalArgumentException(
              "target '" + target + "' (expected: arguments or response)");
    }
  }

  private static PolicyLimit limit(RegoObject params, String subject) {
    onlyMembers(params, LIMIT_MEMBERS);
    RegoValue cap = params.get("concurrency");
    if (cap != null
        && !(cap instanceof RegoNumber n
            && n.isLong()
            && n.asLong() >= 1
            && n.asLong() < LimitConfig.NO_CAP)) {
      throw new IllegalArgumentException(
          "concurrency " + cap + " (expected: a whole number from 1)");
    }
    int concurrency = cap instanceof RegoNumber n ? (int) n.asLong() : LimitConfig.NO_CAP;
    String rate = text(params, "rate", "");
    if (cap == null && rate.isEmpty()) {
      throw new IllegalArgumentException("limit without a number (expected: rate or concurrency)");
    }
    return new PolicyLimit(
        text(params, "key", subject), concurrency, rate.isEmpty() ? null : Rate.parse(rate));
  }

  private static void onlyMembers(RegoObject params, Set<String> allowed) {
    for (RegoObject.Entry entry : params) {
      if (!(entry.key() instanceof RegoString name) || !allowed.contains(name.value())) {
        throw new IllegalArgumentException(
            "member "
                + entry.key()
                + " (expected: one of "
                + allowed.stream().sorted().toList()
                + ")");
      }
    }
  }

  private static String text(RegoObject params, String name, String otherwise) {
    RegoValue value = params.get(name);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof RegoString s && !s.value().isEmpty()) {
      return s.value();
    }
    throw new IllegalArgumentException(name + " " + value + " (expected: a string)");
  }

  private static List<String> texts(RegoObject params, String name) {
    RegoValue value = params.get(name);
    Iterable<RegoValue> elements =
        switch (value) {
          case null -> List.of();
          case RegoArray array -> array;
          case RegoSet set -> set;
          default ->
              throw new IllegalArgumentException(
                  name + " " + value + " (expected: an array of strings)");
        };
    List<String> texts = new ArrayList<>();
    for (RegoValue element : elements) {
      if (!(element instanceof RegoString s)) {
        throw new IllegalArgumentException(name + " holds " + element + " (expected: strings)");
      }
      texts.add(s.value());
    }
    return texts;
  }
}
