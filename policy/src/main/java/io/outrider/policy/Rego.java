package io.outrider.policy;

import io.outrider.policy.builtin.Builtins;
import io.outrider.policy.compile.Compiler;
import io.outrider.policy.compile.Program;
import io.outrider.policy.eval.Engine;
import io.outrider.policy.eval.EvalOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Rego policies in a program: load, name a query, ask it.
///
/// ```java
/// Rego policies = Rego.load(Path.of("policies"));
/// RegoQuery allow = policies.query("data.authz.allow");
/// boolean allowed = allow.isTrue("{\"user\": \"alice\"}");
/// ```
///
/// Immutable and safe for use by many threads; to take up changed policies, load again and replace
/// the reference. [PolicySet] is the same engine with Outrider's own contract of `allow`, `deny`
/// and obligations on top.
public final class Rego {
  private final LoadedPolicies policies;
  private final Compiler compiler;
  private final Program program;
  private final Engine engine;
  private final EvalOptions options;

  private Rego(LoadedPolicies policies, PolicyOptions given) throws PolicyException {
    this.policies = policies;
    this.compiler = new Compiler(Builtins.enabling(given.builtins()), false, given.strict());
    Sources sources = Sources.parse(policies, given.regoVersion());
    this.program = sources.compile(compiler);
    this.engine = new Engine(program, sources.data(), false);
    this.options = PolicySet.evalOptions(given.limits());
  }

  /// The `.rego` and data files below the given files and folders, without `_test.rego` files.
  ///
  /// Throws [IOException] for what cannot be read, [PolicyException] with every problem of the
  /// policies.
  public static Rego load(Path... filesOrFolders) throws IOException, PolicyException {
    return of(PolicyLoader.load(List.of(filesOrFolders)), Limits.DEFAULT);
  }

  /// One module, given as text.
  public static Rego ofText(String module) throws PolicyException {
    return of(LoadedPolicies.of(new PolicySource("policy.rego", module)), Limits.DEFAULT);
  }

  /// Policies from anywhere, with limits of your own for each evaluation.
  public static Rego of(LoadedPolicies policies, Limits limits) throws PolicyException {
    return of(policies, PolicyOptions.DEFAULT.withLimits(limits));
  }

  /// Policies from anywhere, with options: the limits, the built-ins, whether to be strict, and the
  /// version of the language count here.
  public static Rego of(LoadedPolicies policies, PolicyOptions options) throws PolicyException {
    return new Rego(policies, options);
  }

  /// A query over the policies, such as `data.authz.allow`, compiled once.
  public RegoQuery query(String query) throws PolicyException {
    return query(RegoQuery.Text.of(query));
  }

  /// A query that is read in a package, or with imports.
  public RegoQuery query(RegoQuery.Text query) throws PolicyException {
    return RegoQuery.of(query, compiler.forQueries(), program, engine, options);
  }

  /// Names the policies: `sha256:` and 64 hexadecimal digits over names and contents.
  public String digest() {
    return policies.digest();
  }
}
