package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Configuration;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Home;
import io.outrider.app.terminal.Terminal;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What `run` and `stdio` are told: a file, or one upstream and little else.
final class ServeOptions {
  /// The name of the upstream when no file names it.
  static final String UPSTREAM_ID = "upstream";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "Configuration. Default: outrider.yaml, if no upstream is given here.")
  private @Nullable Path config;

  @Option(
      names = "--upstream",
      paramLabel = "URL",
      description = "Run without a file, in front of the MCP server at this URL.")
  private @Nullable URI upstream;

  @Option(
      names = "--policy",
      paramLabel = "PATH",
      description =
          "Without a file: policy files and folders; may be repeated. Default: policies/ in the working folder; if there is none, only tools that declare themselves read-only.")
  private @Nullable List<Path> policies;

  @Option(
      names = "--audit",
      paramLabel = "FOLDER",
      description = "Without a file: where the audit log is kept.")
  private @Nullable Path audit;

  @Parameters(
      paramLabel = "COMMAND",
      description =
          "After '--': run without a file, in front of a server started with this command.")
  private @Nullable List<String> command;

  /// Where the log is kept when nobody says.
  interface AuditDefault {
    Path folder();
  }

  /// The ports of a run without a file.
  ///
  /// @param admin null for none
  /// @param chosen whether the command line says so, which a file would contradict
  record Ports(ListenSettings listen, @Nullable AdminSettings admin, boolean chosen) {}

  Configuration configuration(Terminal terminal, AuditDefault auditDefault, Ports ports)
      throws ConfigException {
    boolean direct = upstream != null || (command != null && !command.isEmpty());
    if (!direct) {
      if (policies != null || audit != null || ports.chosen()) {
        throw new Fatal(
            "--policy, --audit, --listen and --admin go with --upstream or a command; a configuration file says them itself");
      }
      Path file = terminal.resolve(config == null ? Path.of("outrider.yaml") : config);
      if (config == null && !Files.exists(file)) {
        throw new Fatal(
            "nothing to run: no outrider.yaml here. Give -c FILE, --upstream URL or -- COMMAND; or try 'outrider demo'");
      }
      return fromFile(file, terminal.environment());
    }
    if (config != null) {
      throw new Fatal("give either -c FILE, or --upstream URL, or -- COMMAND");
    }
    if (upstream != null && command != null && !command.isEmpty()) {
      throw new Fatal("give either --upstream URL or -- COMMAND");
    }
    return direct(terminal, auditDefault, ports);
  }

  private static Configuration fromFile(Path file, Map<String, String> environment)
      throws ConfigException {
    ConfigFile.Loaded loaded = ConfigFile.read(file, environment);
    return new Configuration(
        loaded.settings(), loaded.digest(), loaded.files(), () -> fromFile(file, environment));
  }

  private Configuration direct(Terminal terminal, AuditDefault auditDefault, Ports ports) {
    UpstreamSettings.Target target;
    try {
      target =
          upstream != null
              ? UpstreamSettings.Http.at(upstream)
              : UpstreamSettings.Stdio.of(command == null ? List.of() : command);
    } catch (IllegalArgumentException e) {
      throw new Fatal("--upstream: " + e.getMessage());
    }
    Path folder = audit == null ? auditDefault.folder() : terminal.resolve(audit);
    Settings settings =
        Settings.builder()
            .upstream(UpstreamSettings.of(UPSTREAM_ID, "/mcp", target))
            .policyBundles(bundles(terminal).toArray(Path[]::new))
            .audit(AuditSettings.in(folder))
            .listen(ports.listen())
            .admin(ports.admin())
            .build();
    return Configuration.fixed(settings, "none");
  }

  private List<Path> bundles(Terminal terminal) {
    if (policies != null) {
      List<Path> given = policies.stream().map(terminal::resolve).toList();
      given.stream()
          .filter(path -> !Files.exists(path))
          .findFirst()
          .ifPresent(missing -> {
            throw new Fatal("--policy: " + missing + ": no such file or folder");
          });
      return given;
    }
    Path here = terminal.resolve(Path.of("policies"));
    if (Files.isDirectory(here) && !isLibrary(here)) {
      return List.of(here);
    }
    Path shipped = Home.policies();
    terminal
        .err()
        .println(
            terminal.style().warn("no policies given")
                + ": tools that declare themselves read-only may be called, all others are refused. Your own: --policy PATH"
                + (Files.isDirectory(here)
                    ? " (policies/ here is the library that ships with Outrider)"
                    : ""));
    List<Path> readOnly = new ArrayList<>();
    readOnly.add(shipped.resolve("allow-all"));
    readOnly.add(shipped.resolve("read-only"));
    return readOnly;
  }

  /// The library holds several bases, which are alternatives and do not compile together.
  private static boolean isLibrary(Path folder) {
    return Files.isDirectory(folder.resolve("allow-all"))
        && Files.isDirectory(folder.resolve("starter"));
  }
}
