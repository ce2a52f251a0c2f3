package io.outrider.app.cli;

import com.sun.net.httpserver.HttpServer;
import io.outrider.app.config.Address;
import io.outrider.app.config.ConfigException;
import io.outrider.app.console.Console;
import io.outrider.app.console.Ledger;
import io.outrider.app.console.NotRecordedException;
import io.outrider.app.serve.HostPort;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.Inbox;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "console",
    mixinStandardHelpOptions = true,
    description = {
      "Show the log in a browser on this machine, until interrupted. Works on a log in use and on a copy of one.",
      "A running Outrider has the same page at /console/ of its admin port."
    })
final class AuditConsoleCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private final AuditFolder folder = new AuditFolder();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "The log's public key, or a file with it. Default: the folder's own.")
  private @Nullable String key;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "A loopback address; port 0 takes a free one. Default: ${DEFAULT-VALUE}")
  private String listen = "127.0.0.1:0";

  @Option(
      names = "--unrecorded",
      description =
          "Show it even where the log cannot record that it is read, as for want of space or rights.")
  private boolean unrecorded;

  AuditConsoleCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws ConfigException, InterruptedException {
    LogSource source = folder.source(terminal);
    Path log = folder.path(terminal);
    VerifierKey verifier = AuditFolder.key(terminal, key, source);
    HttpServer server = bind();
    try (Console _ =
        Console.on(
            server,
            new Console.Setup(
                log,
                verifier,
                key == null,
                true,
                List.of(),
                "unauthenticated (console of " + System.getProperty("user.name", "unknown") + ")",
                recorder(log),
                VersionCommand.version(),
                InstantSource.system()))) {
      server.start();
      terminal
          .err()
          .println("http://" + HostPort.of(server.getAddress()) + Console.PATH + "  (Ctrl-C ends)");
      // The signal ends the process; nothing else does.
      new CountDownLatch(1).await();
      return ExitCode.FINE;
    } finally {
      server.stop(0);
    }
  }

  private HttpServer bind() {
    try {
      Address address = Address.parse(listen);
      InetSocketAddress at = new InetSocketAddress(address.host(), address.port());
      if (at.isUnresolved() || !at.getAddress().isLoopbackAddress()) {
        throw new Fatal(
            "--listen: "
                + listen
                + " (expected: a loopback address; others are for admin.console in the configuration)");
      }
      return HttpServer.create(at, 0);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--listen: " + e.getMessage());
    } catch (IOException e) {
      throw new Fatal("--listen: " + listen + " cannot be bound: " + e.getMessage());
    }
  }

  /// Leaves a note for the writer of the log. A copy has none: that is said once.
  private Ledger recorder(Path log) {
    AtomicBoolean said = new AtomicBoolean();
    return (kind, fields) -> {
      switch (Inbox.record(log, new Event(kind, Instant.now(), fields))) {
        case Inbox.Recorded.Written _, Inbox.Recorded.Left _ -> {}
        case Inbox.Recorded.Frozen(String reason) -> say(said, reason);
        case Inbox.Recorded.NoAccess(String reason) -> {
          if (!unrecorded) {
            throw new NotRecordedException(reason + " (see outrider audit console --unrecorded)");
          }
          say(said, reason);
        }
      }
    };
  }

  private void say(AtomicBoolean said, String reason) {
    if (said.compareAndSet(false, true)) {
      terminal.err().println("this reading is not recorded: " + SafeText.of(reason));
    }
  }
}
