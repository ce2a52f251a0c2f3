package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Configuration;
import io.outrider.app.serve.Service;
import io.outrider.app.serve.Unusable;
import io.outrider.app.terminal.Home;
import io.outrider.app.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// What the launcher runs once with `-XX:AOTCacheOutput`: what a start and the first calls need, so
/// that later starts find it loaded and linked (JEP 483, 514, 515).
///
/// And no more than that: a start links every class of the cache, needed or not, and keeps it in
/// memory. Server and client of the training are therefore a few lines over plain sockets.
@Command(
    name = "aot-train",
    hidden = true,
    description = "Exercise a start for the JVM's start-up cache.")
final class AotTrainCommand implements Callable<Integer> {
  private static final String CONFIG =
      """
      listen: { address: "127.0.0.1:0" }
      upstreams: { train: { url: "http://127.0.0.1:%d/mcp", headers: { X-Key: "${env:KEY}" } } }
      policy: { bundles: ["%s"] }
      limits: { concurrency: { queue_wait: 2s }, rate: { per_principal: 600/m } }
      sizes: { max_body: 4MiB }
      admin: { address: "127.0.0.1:0" }
      """;

  private static final String OPENING =
      """
      {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
      "capabilities":{},"clientInfo":{"name":"train","version":"1"}}}\
      """;

  /// Judged twice each: once interpreted, once as the start-up cache will have it.
  private static final List<String> CALLS =
      List.of(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":\"look\",\"arguments\":{\"path\":\"a\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\",\"params\":{\"name\":\"wipe\",\"arguments\":{\"path\":\"b\"}}}",
          "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/list\"}",
          "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/call\",\"params\":{\"name\":\"look\",\"arguments\":{\"path\":\"c\"}}}");

  AotTrainCommand(Terminal terminal) {}

  @Override
  public Integer call() throws IOException, ConfigException, Unusable {
    Terminal quiet =
        Terminal.of(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Map.of(),
            Path.of("."));
    Cli.run(quiet, "run", "--help");
    Cli.run(quiet, "stdio", "--help");
    Path folder = Files.createTempDirectory("outrider-train-");
    try (TrainingServer upstream = TrainingServer.start()) {
      return play(upstream, folder) ? ExitCode.FINE : ExitCode.WRONG;
    } finally {
      delete(folder);
    }
  }

  /// Serves a session of calls from a folder that is gone afterwards.
  private static boolean play(TrainingServer upstream, Path folder)
      throws IOException, ConfigException, Unusable {
    Path policies = Home.policies();
    String text =
        CONFIG.formatted(
            upstream.port(),
            Stream.of("allow-all", "read-only", "paths", "sql", "shell")
                .map(name -> policies.resolve(name).toString())
                .reduce((a, b) -> a + "\", \"" + b)
                .orElseThrow());
    Path file = Files.writeString(folder.resolve("outrider.yaml"), text);
    ConfigFile.Loaded loaded = ConfigFile.read(file, Map.of("KEY", "none"));
    Configuration configuration = Configuration.fixed(loaded.settings(), loaded.digest());
    Service service = Service.start(configuration);
    try {
      InetSocketAddress proxy = Objects.requireNonNull(service.address());
      boolean answered = TrainingClient.session(proxy, "/mcp", OPENING, CALLS);
      InetSocketAddress admin = Objects.requireNonNull(service.adminAddress());
      return answered && TrainingClient.get(admin, "/health/ready");
    } finally {
      service.shutdown();
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
