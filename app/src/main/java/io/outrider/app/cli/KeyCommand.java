package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "new",
    description = "Make API keys for clients.")
final class KeyCommand {
  /// Secret scanners, ours included, find a key by this.
  static final String PREFIX = "ork_";

  private final Terminal terminal;

  KeyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Command(
      name = "new",
      mixinStandardHelpOptions = true,
      description = {
        "Make an API key: 256 random bits.",
        "The key is printed once; the configuration gets only its SHA-256."
      })
  int make(
      @Option(
              names = "--id",
              required = true,
              paramLabel = "NAME",
              description = "The principal's name in policies and the audit log.")
          String id,
      @Option(
              names = "--role",
              paramLabel = "ROLE",
              description = "A role for policies; may be repeated.")
          @Nullable List<String> roles,
      @Option(
              names = "--group",
              paramLabel = "GROUP",
              description = "A group for policies; may be repeated.")
          @Nullable List<String> groups) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String key = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    terminal
        .err()
        .println("The key, shown this once. Clients send it as 'Authorization: Bearer KEY':");
    terminal.out().println(key);
    terminal.err().println("For outrider.yaml, under identity.api_keys:");
    terminal
        .out()
        .println(
            "- { id: %s, sha256: %s%s%s }"
                .formatted(
                    yaml(id), sha256(key), listed("roles", roles), listed("groups", groups)));
    return ExitCode.FINE;
  }

  private static String listed(String name, @Nullable List<String> values) {
    return values == null || values.isEmpty()
        ? ""
        : ", "
            + name
            + ": ["
            + String.join(", ", values.stream().map(KeyCommand::yaml).toList())
            + "]";
  }

  /// Quoted unless it is a plain word.
  private static String yaml(String text) {
    return text.matches("[A-Za-z][A-Za-z0-9_-]*") && !text.matches("(?i)true|false|null")
        ? text
        : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
