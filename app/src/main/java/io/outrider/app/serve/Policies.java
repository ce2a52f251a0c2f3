package io.outrider.app.serve;

import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.syntax.Diagnostic;
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
    for (String name : settings.builtins()) {
      if (Builtins.waiting().contains(name)) {
        throw new Unusable(
            List.of(
                "policy.builtins: "
                    + name
                    + " (expected: none that waits for the network, since the proxy judges calls on"
                    + " threads that others wait for)"));
      }
    }
    try {
      LoadedPolicies loaded = PolicyLoader.load(settings.bundles());
      return PolicySet.compile(
          loaded,
          PolicyOptions.DEFAULT
              .withPackages(settings.packages().toArray(String[]::new))
              .withBuiltins(settings.builtins()));
    } catch (IllegalArgumentException e) {
      throw new Unusable(List.of("policy.builtins: " + e.getMessage()));
    } catch (PolicyException e) {
      throw new Unusable(e.diagnostics().stream().map(Policies::withHint).toList());
    } catch (IOException e) {
      throw new Unusable(List.of(Messages.of(e)));
    }
  }

  private static String withHint(Diagnostic problem) {
    return problem.hint() == null ? problem.toString() : problem + " (" + problem.hint() + ")";
  }
}
