package io.outrider.app.serve;

import io.outrider.policy.LoadedPolicies;
import io.outrider.policy.PolicyException;
import io.outrider.policy.PolicyLoader;
import io.outrider.policy.PolicyOptions;
import io.outrider.policy.PolicySet;
import io.outrider.policy.PolicyTools;
import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.settings.PolicySettings;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;

/// Policies as the settings name them.
public final class Policies {
  private Policies() {}

  /// Policies that compile, and what a second look may find wrong with them all the same.
  ///
  /// @param doubts asked once the policies are in force: looking takes as long as compiling did
  record Loaded(PolicySet policies, Supplier<List<String>> doubts) {}

  /// Reads and compiles them.
  ///
  /// @throws Unusable if a file is missing or a policy does not compile
  static Loaded load(PolicySettings settings) throws Unusable {
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
      PolicyOptions options =
          PolicyOptions.DEFAULT
              .withPackages(settings.packages().toArray(String[]::new))
              .withBuiltins(settings.builtins());
      return new Loaded(PolicySet.compile(loaded, options), () -> doubts(loaded, options));
    } catch (IllegalArgumentException e) {
      throw new Unusable(List.of("policy.builtins: " + e.getMessage()));
    } catch (PolicyException e) {
      throw new Unusable(e.diagnostics().stream().map(Policies::withHint).toList());
    } catch (IOException e) {
      throw new Unusable(List.of(Messages.of(e)));
    }
  }

  /// Names that Outrider's input never has, such as `input.mcp.nmae`. They compile, and what asks
  /// for them is never so: no reason to stop a proxy that ran with them yesterday, but one to tell.
  static List<String> doubts(LoadedPolicies loaded, PolicyOptions options) {
    return PolicyTools.check(loaded, options.withKnownInput(true)).stream()
        .map(Policies::withHint)
        .toList();
  }

  private static String withHint(Diagnostic problem) {
    return problem.hint() == null ? problem.toString() : problem + " (" + problem.hint() + ")";
  }
}
