package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.Service;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.ListenSettings;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "stdio",
    mixinStandardHelpOptions = true,
    description = {
      "Be an MCP server on stdin and stdout, in front of the server the configuration names first.",
      "Or without a file: --upstream URL, or -- COMMAND ARGS. For desktop clients; see the README.",
      "Everything but the protocol goes to stderr. No port is opened unless the configuration has an admin section."
    })
final class StdioCommand implements Callable<Integer> {
  private static final ServeOptions.Ports NO_PORTS =
      new ServeOptions.Ports(ListenSettings.defaults(), null, false);

  private final Terminal terminal;

  @Mixin private final ServeOptions options = new ServeOptions();

  StdioCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    OutputStream protocol = terminal.out();
    // A stray print of some library would break the protocol.
    System.setOut(System.err);
    Service service = start(protocol);
    Shutdown.onSignal(service);
    CountDownLatch gone = new CountDownLatch(1);
    var unused = service.clientGone().whenComplete((nothing, error) -> gone.countDown());
    gone.await();
    service.shutdown();
    return ExitCode.FINE;
  }

  private Service start(OutputStream protocol) throws ConfigException {
    StateFolders folders = StateFolders.of(terminal);
    while (true) {
      Configuration configuration = options.configuration(terminal, folders::audit, NO_PORTS);
      try {
        return Service.stdio(configuration, terminal.in(), protocol);
      } catch (Unusable e) {
        // A desktop client may start several of us; each takes the first log nobody else holds.
        if (configuration.files().isEmpty() && folders.next()) {
          continue;
        }
        e.reasons().forEach(terminal.err()::println);
        throw new Fatal("not started");
      }
    }
  }
}
