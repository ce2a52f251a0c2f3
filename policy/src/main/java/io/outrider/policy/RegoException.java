package io.outrider.policy;

/// An evaluation that failed, with the code OPA gives the failure (`eval_conflict_error`, ...) and
/// its place in the policies.
public final class RegoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Evaluation.Problem problem;

  RegoException(Evaluation.Problem problem, Throwable cause) {
    super(problem.toString(), cause);
    this.problem = problem;
  }

  /// What went wrong, and where.
  public Evaluation.Problem problem() {
    return problem;
  }
}
