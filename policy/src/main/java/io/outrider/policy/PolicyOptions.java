package io.outrider.policy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.syntax.RegoVersion;
import io.outrider.policy.value.RegoObject;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a policy set is compiled and asked.
///
/// @param packages the packages whose verdict counts, such as `outrider`; every one of them must
///   allow
/// @param limits what one evaluation may cost
/// @param unknowns documents that are not known while a list of tools is filtered, such as
///   `input.arguments`
/// @param builtins the built-ins that are on of those that are off until they are named, such as
///   `opa.runtime`
/// @param strict whether unused imports, variables and arguments are errors
/// @param knownInput whether `input` is what Outrider hands to policies (`outrider.input/1`), so
///   that names it does not have are errors; for programs with an input of their own it must be off
/// @param regoVersion the version of the language that modules are in where nothing else says it
/// @param inputSchema a JSON schema of `input`, as for `opa check --schema`, so that names it does
///   not have are errors; counts before `knownInput`. Null for none
public record PolicyOptions(
    List<String> packages,
    Limits limits,
    List<String> unknowns,
    List<String> builtins,
    boolean strict,
    boolean knownInput,
    RegoVersion regoVersion,
    @Nullable RegoObject inputSchema) {

  /// What a call carries, and what a proxy computes from it: the arguments, their size, what was
  /// found in them.
  public static final List<String> DEFAULT_UNKNOWNS =
      List.of("input.arguments", "input.inspection", "input.mcp.bytes");

  public static final PolicyOptions DEFAULT =
      new PolicyOptions(
          List.of("outrider"),
          Limits.DEFAULT,
          DEFAULT_UNKNOWNS,
          List.of(),
          false,
          false,
          RegoVersion.V1,
          null);

  public PolicyOptions {
    packages = List.copyOf(packages);
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(regoVersion, "regoVersion");
    unknowns = List.copyOf(unknowns);
    builtins = List.copyOf(Builtins.enabling(builtins).enabled());
    for (String unknown : unknowns) {
      if (!unknown.startsWith("input.")) {
        throw new IllegalArgumentException(
            "unknown: " + unknown + " (expected: a document below input, such as input.arguments)");
      }
    }
  }

  /// @throws IllegalArgumentException for a name that is not one of those that are off by
  ///   themselves
  public PolicyOptions withBuiltins(List<String> names) {
    return new PolicyOptions(
        packages, limits, unknowns, names, strict, knownInput, regoVersion, inputSchema);
  }

  public PolicyOptions withPackages(String... names) {
    return new PolicyOptions(
        List.of(names), limits, unknowns, builtins, strict, knownInput, regoVersion, inputSchema);
  }

  public PolicyOptions withLimits(Limits newLimits) {
    return new PolicyOptions(
        packages, newLimits, unknowns, builtins, strict, knownInput, regoVersion, inputSchema);
  }

  public PolicyOptions withStrict(boolean newStrict) {
    return new PolicyOptions(
        packages, limits, unknowns, builtins, newStrict, knownInput, regoVersion, inputSchema);
  }

  public PolicyOptions withKnownInput(boolean known) {
    return new PolicyOptions(
        packages, limits, unknowns, builtins, strict, known, regoVersion, inputSchema);
  }

  /// For policies from before Rego 1.0: `withRegoVersion(RegoVersion.V0)`. A bundle whose manifest
  /// names a version keeps to that.
  public PolicyOptions withRegoVersion(RegoVersion version) {
    return new PolicyOptions(
        packages, limits, unknowns, builtins, strict, knownInput, version, inputSchema);
  }

  /// For programs with an input of their own.
  public PolicyOptions withInputSchema(RegoObject schema) {
    return new PolicyOptions(
        packages, limits, unknowns, builtins, strict, knownInput, regoVersion, schema);
  }
}
