package io.outrider.policy;

import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoValue;
import java.time.Duration;
import java.util.List;

/// Policies and inputs written down in tests.
final class Policies {
  private Policies() {}

  static PolicySet of(String... modules) {
    return of(PolicyOptions.DEFAULT.withLimits(patient()), modules);
  }

  /// Generous in time, since a loaded build machine must not make a test fail.
  static Limits patient() {
    return new Limits(Limits.DEFAULT_STEPS, Limits.DEFAULT_DEPTH, Duration.ofSeconds(30));
  }

  static PolicySet of(PolicyOptions options, String... modules) {
    try {
      return PolicySet.compile(loaded(modules), options);
    } catch (PolicyException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  static LoadedPolicies loaded(String... modules) {
    PolicySource[] sources = new PolicySource[modules.length];
    for (int i = 0; i < modules.length; i++) {
      sources[i] = new PolicySource("p" + i + ".rego", modules[i]);
    }
    return LoadedPolicies.of(sources);
  }

  static LoadedPolicies loaded(RegoValue data, String module) {
    return LoadedPolicies.of(
        List.of(new PolicySource("p0.rego", module)), List.of(new PolicyData(List.of(), data)));
  }

  static RegoValue json(String text) {
    return RegoJson.read(text.replace('\'', '"'));
  }
}
