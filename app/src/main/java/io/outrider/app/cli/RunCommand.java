package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.Service;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AuditSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = {
      "Serve MCP clients over HTTP, in front of the servers the configuration names.",
      "Or in front of one server, without a file: --upstream URL, or -- COMMAND ARGS."
    })
final class RunCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final ServeOptions options = new ServeOptions();

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Path audit = terminal.resolve(AuditSettings.DEFAULT_DIRECTORY);
    Configuration configuration =
        options.configuration(terminal, () -> audit, AdminSettings.defaults());
    Service service;
    try {
      service = Service.start(configuration);
    } catch (Unusable e) {
      e.reasons().forEach(terminal.err()::println);
      throw new Fatal("not started");
    }
    Shutdown.onSignal(service);
    // The signal's hook ends the process; nothing else does.
    new CountDownLatch(1).await();
    return ExitCode.FINE;
  }
}
