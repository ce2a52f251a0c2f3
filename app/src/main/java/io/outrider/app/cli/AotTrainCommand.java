package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.demo.Demo;
import io.outrider.app.terminal.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// What the launcher runs once with `-XX:AOTCacheOutput`: everything a start and a first call need,
/// so that later starts find it loaded and linked (JEP 483, 514, 515).
@Command(
    name = "aot-train",
    hidden = true,
    description = "Exercise a start for the JVM's start-up cache.")
final class AotTrainCommand implements Callable<Integer> {
  private static final String CONFIG =
      """
      listen: { address: "127.0.0.1:0", allowed_hosts: [a.example] }
      upstreams: { a: { url: "http://127.0.0.1:1/mcp", headers: { X-A: "${env:A}" } } }
      policy: { bundles: [policies] }
      limits: { concurrency: { queue_wait: 2s }, rate: { per_principal: 600/m } }
      sizes: { max_body: 4MiB }
      """;

  AotTrainCommand(Terminal terminal) {}

  @Override
  public Integer call() throws IOException, ConfigException {
    Path folder = Files.createTempDirectory("outrider-train-");
    Path file = Files.writeString(folder.resolve("outrider.yaml"), CONFIG);
    ConfigFile.read(file, Map.of("A", "a"));
    Terminal quiet =
        Terminal.of(
            InputStream.nullInputStream(),
            OutputStream.nullOutputStream(),
            OutputStream.nullOutputStream(),
            Map.of(),
            folder);
    Cli.run(quiet, "run", "--help");
    Cli.run(quiet, "stdio", "--help");
    Files.delete(file);
    Files.delete(folder);
    return Demo.play(quiet) ? ExitCode.FINE : ExitCode.WRONG;
  }
}
