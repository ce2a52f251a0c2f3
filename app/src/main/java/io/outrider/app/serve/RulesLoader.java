package io.outrider.app.serve;

import io.outrider.enforce.Rules;
import io.outrider.enforce.Treatments;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.PolicySettings;
import io.outrider.settings.RedactionSettings.Direction;
import io.outrider.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Makes the rules calls are judged by from what the settings name.
public final class RulesLoader {
  private RulesLoader() {}

  /// Rules, and what a second look may find wrong with them all the same.
  ///
  /// @param redactionDigest names the redaction rules in audit records
  /// @param doubts lines for the operator; asked when nobody waits
  public record Loaded(Rules rules, String redactionDigest, Supplier<List<String>> doubts) {
    /// What a record says of the rules that came into force.
    Map<String, String> digests(String config) {
      return Map.of(
          "config_digest", config,
          "policy_digest", rules.policy().digest(),
          "redaction_digest", redactionDigest);
    }
  }

  /// Reads policies and redaction rules.
  ///
  /// @param configDigest names the configuration in audit records
  /// @throws Unusable with the reasons of both, if either cannot be used
  public static Loaded load(Settings settings, String configDigest) throws Unusable {
    // Neither needs the other, and both are a large part of the time to the first answer.
    Background<RedactionRules.Loaded> compiling =
        Background.start("redaction-rules", () -> RedactionRules.load(settings.redaction()));
    List<String> reasons = new ArrayList<>();
    Policies.Loaded policy = null;
    RedactionRules.Loaded redaction = null;
    try {
      policy = Policies.load(settings.policy());
    } catch (Unusable e) {
      reasons.addAll(e.reasons());
    }
    try {
      redaction = compiling.result();
    } catch (Unusable e) {
      reasons.addAll(e.reasons());
    }
    if (policy == null || redaction == null) {
      throw new Unusable(reasons);
    }
    Set<Direction> directions = settings.redaction().directions();
    Rules rules =
        new Rules(
                policy.policies(),
                settings.policy().mode() == PolicySettings.Mode.SHADOW,
                redaction.redactor(),
                directions.contains(Direction.REQUEST),
                directions.contains(Direction.RESPONSE),
                payloads(settings.audit().payloads()),
                configDigest)
            .with(new Treatments(settings.redaction().treatments()));
    Supplier<List<String>> doubts = policy.doubts();
    List<String> warnings = redaction.warnings();
    return new Loaded(
        rules,
        redaction.digest(),
        () -> Stream.concat(doubts.get().stream(), warnings.stream()).toList());
  }

  private static Rules.Payloads payloads(AuditSettings.Payloads payloads) {
    return switch (payloads) {
      case NONE -> Rules.Payloads.NONE;
      case DIGEST -> Rules.Payloads.DIGEST;
      case REDACTED -> Rules.Payloads.REDACTED;
    };
  }
}
