package io.outrider.app.cli;

import io.outrider.app.demo.Demo;
import io.outrider.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Show everything at once: a small MCP server behind a real Outrider, called by a real client.",
      "Needs no network and no other software. Exit status 0 only if everything shown really happened."
    })
final class DemoCommand implements Callable<Integer> {
  private final Terminal terminal;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return Demo.play(terminal) ? ExitCode.FINE : ExitCode.WRONG;
  }
}
