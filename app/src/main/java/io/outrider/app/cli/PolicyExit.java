package io.outrider.app.cli;

/// What the exit status of those `policy` commands says that `opa` has too. Scripts that call `opa`
/// go on working, so its numbers hold here and not those of [ExitCode].
final class PolicyExit {
  static final int FINE = 0;

  /// The work could not be done: policies that do not compile, a file that is not there. For
  /// `policy eval` also what `--fail` and `--fail-defined` ask for.
  static final int BROKEN = 1;

  /// The work was done and found something: a test that failed, too little coverage, a file that
  /// would be laid out otherwise, a query that failed.
  static final int FOUND = 2;

  private PolicyExit() {}
}
