package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.LogSource;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option every audit command has: which log.
final class AuditFolder {
  @Option(
      names = {"-d", "--dir"},
      paramLabel = "FOLDER",
      description = "The log. Default: the one outrider.yaml names, else var/audit")
  private @Nullable Path folder;

  LogSource source(Terminal terminal) throws ConfigException {
    Path path = path(terminal);
    if (!Files.isDirectory(path)) {
      throw new Fatal("no audit log: " + path + " (expected: a folder)");
    }
    return LogSource.folder(path);
  }

  Path path(Terminal terminal) throws ConfigException {
    if (folder != null) {
      return terminal.resolve(folder);
    }
    Path config = terminal.resolve(Path.of("outrider.yaml"));
    return Files.exists(config)
        ? ConfigFile.auditDirectory(config, terminal.environment())
        : terminal.resolve(AuditSettings.DEFAULT_DIRECTORY);
  }

  /// Who is to vouch for the log, by the configuration of the working folder.
  AnchorSettings anchors(Terminal terminal) throws ConfigException {
    Path config = terminal.resolve(Path.of("outrider.yaml"));
    return Files.exists(config)
        ? ConfigFile.auditAnchors(config, terminal.environment())
        : AnchorSettings.NONE;
  }

  /// A public key from its text or from a file that holds it.
  static VerifierKey key(Terminal terminal, String textOrFile) {
    try {
      Path file = terminal.resolve(Path.of(textOrFile));
      return VerifierKey.parse(Files.isRegularFile(file) ? Files.readString(file) : textOrFile);
    } catch (IOException | IllegalArgumentException e) {
      throw new Fatal(
          "--key: "
              + e.getMessage()
              + " (expected: a verifier key NAME+ID+KEY, or a file with one)");
    }
  }
}
