package io.outrider.app.cli;

/// What a command's exit status says.
final class ExitCode {
  static final int FINE = 0;

  /// The command worked and found something wrong: a failing test, a broken log.
  static final int WRONG = 1;

  /// The command could not do its work: usage, configuration, a file that is not there.
  static final int USAGE = 2;

  private ExitCode() {}
}
