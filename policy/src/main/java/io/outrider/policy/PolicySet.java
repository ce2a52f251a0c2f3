package io.outrider.policy;

import io.outrider.policy.Decision.Cause;
import io.outrider.policy.syntax.Diagnostic;
import io.outrider.policy.syntax.Parser;
import io.outrider.policy.syntax.Source;
import io.outrider.policy.value.RegoValue;
import java.util.ArrayList;
import java.util.List;

/// Compiled policies. Immutable and safe for use by many threads.
///
/// This first version only reads the policies and denies everything.
public final class PolicySet {
  private final String digest;

  private PolicySet(String digest) {
    this.digest = digest;
  }

  /// Compiles policies; throws [PolicyException] with every problem found.
  public static PolicySet compile(LoadedPolicies policies, PolicyOptions options)
      throws PolicyException {
    List<Diagnostic> problems = new ArrayList<>();
    for (PolicySource source : policies.modules()) {
      Parser.parseModule(new Source(source.name(), source.text()), problems::add);
    }
    if (!problems.isEmpty()) {
      throw new PolicyException(problems);
    }
    return new PolicySet(policies.digest());
  }

  /// Names the policies: `sha256:` and 64 hexadecimal digits.
  public String digest() {
    return digest;
  }

  /// The decision on a request, response or server request. Never throws: what fails is a deny.
  public Decision decide(RegoValue input) {
    Reason reason = new Reason("policy_error", "the engine is not wired yet", false, "", null);
    return new Decision.Deny(Cause.EVALUATION_FAILED, List.of(reason), List.of(), List.of());
  }

  /// Whether a tool may be shown, with the documents in [PolicyOptions#unknowns] unknown. Never
  /// throws.
  public Visibility visibility(RegoValue input) {
    Reason reason = new Reason("policy_error", "the engine is not wired yet", false, "", null);
    return new Visibility.Hidden(Cause.EVALUATION_FAILED, List.of(reason), List.of());
  }

  /// Whether any module reads `input.response`, so that judging responses makes a difference.
  public boolean judgesResponses() {
    return true;
  }

  /// Evaluates a query such as `data.outrider.allow`, for tools.
  public Evaluation eval(String query, RegoValue input) {
    Evaluation.Problem problem =
        new Evaluation.Problem("eval_internal_error", "the engine is not wired yet", "", 1);
    return new Evaluation(List.of(), List.of(problem), List.of(), List.of(), 0);
  }
}
