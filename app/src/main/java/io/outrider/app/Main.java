package io.outrider.app;

import io.outrider.app.cli.Cli;
import io.outrider.app.terminal.Terminal;

/// The entry point of every `outrider` command.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(Terminal.ofProcess(), args));
  }
}
