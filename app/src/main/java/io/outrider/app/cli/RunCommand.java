package io.outrider.app.cli;

import io.outrider.app.config.Address;
import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.Service;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ListenSettings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Without a file: where clients connect. Default: 127.0.0.1:8080")
  private @Nullable String listen;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      description = "Without a file: where health and metrics are. Default: 127.0.0.1:9090")
  private @Nullable String admin;

  RunCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    Path audit = terminal.resolve(AuditSettings.DEFAULT_DIRECTORY);
    Configuration configuration = options.configuration(terminal, () -> audit, ports());
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

  private ServeOptions.Ports ports() {
    ListenSettings clients = ListenSettings.defaults();
    if (listen != null) {
      Address at = address("--listen", listen);
      clients = ListenSettings.at(at.host(), at.port());
    }
    AdminSettings health = AdminSettings.defaults();
    if (admin != null) {
      Address at = address("--admin", admin);
      health = new AdminSettings(at.host(), at.port());
    }
    return new ServeOptions.Ports(clients, health, listen != null || admin != null);
  }

  private static Address address(String option, String text) {
    try {
      return Address.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Fatal(option + ": " + e.getMessage());
    }
  }
}
