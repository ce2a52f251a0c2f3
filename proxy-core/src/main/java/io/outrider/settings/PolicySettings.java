package io.outrider.settings;

import java.nio.file.Path;
import java.util.List;

/// Which policies judge the calls.
///
/// @param engine what evaluates them
/// @param bundles folders and `.rego` or data files, in order
/// @param packages packages every one of which must allow; at least one
/// @param builtins the built-in functions that are on of those that are off by themselves
/// @param mode whether a denial stops the call
public record PolicySettings(
    Engine engine, List<Path> bundles, List<String> packages, List<String> builtins, Mode mode) {
  /// The package asked when none is named.
  public static final String DEFAULT_PACKAGE = "outrider";

  public PolicySettings {
    bundles = List.copyOf(bundles);
    packages = List.copyOf(packages);
    builtins = List.copyOf(builtins);
    if (packages.isEmpty()) {
      throw new IllegalArgumentException("policy.packages: empty (expected: at least one package)");
    }
    packages.forEach(name -> Checks.notBlank("policy.packages", name));
  }

  /// The embedded engine enforcing package `outrider` of these bundles.
  public static PolicySettings of(List<Path> bundles) {
    return new PolicySettings(
        Engine.EMBEDDED, bundles, List.of(DEFAULT_PACKAGE), List.of(), Mode.ENFORCE);
  }

  /// What evaluates the policies.
  public enum Engine {
    /// Outrider's own Rego engine, in this process.
    EMBEDDED
  }

  /// Whether a denial stops the call.
  public enum Mode {
    /// It does.
    ENFORCE,
    /// It is recorded and counted, and the call passes: for trying a policy on live traffic.
    SHADOW
  }
}
