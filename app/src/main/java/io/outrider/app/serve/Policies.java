package io.outrider.app.serve;

import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.settings.PolicySettings;
import java.io.IOException;
import java.util.List;

/// Policies as the settings name them.
public final class Policies {
  private Policies() {}

  /// Reads and compiles them.
  ///
  /// @throws Unusable if a file is missing or a policy does not compile
  public static PolicySet load(PolicySettings settings) throws Unusable {
    try {
      LoadedPolicies loaded = PolicyLoader.load(settings.bundles());
      return PolicySet.compile(
          loaded, PolicyOptions.DEFAULT.withPackages(settings.packages().toArray(String[]::new)));
    } catch (PolicyException e) {
      throw new Unusable(e.diagnostics().stream().map(Object::toString).toList());
    } catch (IOException e) {
      throw new Unusable(List.of(Messages.of(e)));
    }
  }
}
