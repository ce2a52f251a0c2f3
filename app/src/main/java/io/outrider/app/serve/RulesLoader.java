package io.outrider.app.serve;

import io.outrider.enforce.Rules;
import io.outrider.enforce.Treatments;
import io.outrider.policy.PolicySet;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.PolicySettings;
import io.outrider.settings.RedactionSettings.Direction;
import io.outrider.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Makes the rules calls are judged by from what the settings name.
public final class RulesLoader {
  private RulesLoader() {}

  /// Reads policies and redaction rules.
  ///
  /// @param configDigest names the configuration in audit records
  /// @throws Unusable with the reasons of both, if either cannot be used
  public static Rules load(Settings settings, String configDigest) throws Unusable {
    // Neither needs the other, and both are a large part of the time to the first answer.
    FutureTask<RedactionRules.Loaded> compiling =
        new FutureTask<>(() -> RedactionRules.load(settings.redaction()));
    Thread.ofPlatform().daemon().name("outrider-rules").start(compiling);
    List<String> reasons = new ArrayList<>();
    PolicySet policy = null;
    RedactionRules.Loaded redaction = null;
    try {
      policy = Policies.load(settings.policy());
    } catch (Unusable e) {
      reasons.addAll(e.reasons());
    }
    try {
      redaction = result(compiling);
    } catch (Unusable e) {
      reasons.addAll(e.reasons());
    }
    if (policy == null || redaction == null) {
      throw new Unusable(reasons);
    }
    Set<Direction> directions = settings.redaction().directions();
    return new Rules(
            policy,
            settings.policy().mode() == PolicySettings.Mode.SHADOW,
            redaction.redactor(),
            directions.contains(Direction.REQUEST),
            directions.contains(Direction.RESPONSE),
            payloads(settings.audit().payloads()),
            configDigest)
        .with(new Treatments(settings.redaction().treatments()));
  }

  private static <T> T result(FutureTask<T> task) throws Unusable {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unusable unusable) {
        throw unusable;
      }
      throw new IllegalStateException("reading the redaction rules failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unusable(List.of("interrupted while reading the redaction rules"));
    }
  }

  private static Rules.Payloads payloads(AuditSettings.Payloads payloads) {
    return switch (payloads) {
      case NONE -> Rules.Payloads.NONE;
      case DIGEST -> Rules.Payloads.DIGEST;
      case REDACTED -> Rules.Payloads.REDACTED;
    };
  }
}
