package io.outrider.app.cli;

import io.outrider.app.config.ConfigException;
import io.outrider.app.config.ConfigFile;
import io.outrider.app.serve.Messages;
import io.outrider.app.terminal.Fatal;
import io.outrider.app.terminal.Terminal;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.SafeText;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  /// The key that is given, or else the one in the log's own folder.
  static VerifierKey key(Terminal terminal, @Nullable String textOrFile, LogSource source) {
    if (textOrFile != null) {
      return key(terminal, textOrFile);
    }
    try {
      byte[] own =
          source
              .read("log.vkey")
              .orElseThrow(() -> new Fatal("the log holds no public key; give --key"));
      return VerifierKey.parse(new String(own, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new Fatal(Messages.of(e));
    } catch (IllegalArgumentException e) {
      throw new Fatal("log.vkey: " + SafeText.of(String.valueOf(e.getMessage())));
    }
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
