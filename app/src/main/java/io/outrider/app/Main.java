package io.outrider.app;

import io.outrider.app.cli.Cli;
import io.outrider.app.serve.Service;
import io.outrider.app.terminal.Terminal;
import java.util.Set;

/// The entry point of every `outrider` command.
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    if (args.length > 0 && Set.of("run", "stdio").contains(args[0])) {
      Service.preload(); // while the command line and the configuration are read
    }
    System.exit(Cli.run(Terminal.ofProcess(), args));
  }
}
