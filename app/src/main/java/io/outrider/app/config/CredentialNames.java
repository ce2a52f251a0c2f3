package io.outrider.app.config;

import io.outrider.app.config.Shape.CredentialKind;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/// Which header and variable names hold credentials, and which headers are Outrider's own.
final class CredentialNames {
  private static final Set<String> CREDENTIAL_HEADERS =
      Set.of("authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey");
  private static final Pattern CREDENTIAL_WORD =
      Pattern.compile(
          "(^|[_-])(api_?key|key|token|secret|password|passwd|pwd|pass|pat|credentials?|auth|dsn)($|[_-])");
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "host",
          "content-type",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "upgrade",
          "te",
          "trailer",
          "keep-alive",
          "accept",
          "accept-encoding",
          "last-event-id");
  private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern VARIABLE_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private CredentialNames() {}

  static boolean credential(CredentialKind kind, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return (kind == CredentialKind.HEADER && CREDENTIAL_HEADERS.contains(lower))
        || CREDENTIAL_WORD.matcher(lower).find();
  }

  static boolean wellFormed(CredentialKind kind, String name) {
    return (kind == CredentialKind.HEADER ? HEADER_NAME : VARIABLE_NAME).matcher(name).matches();
  }

  /// Headers the protocol needs under Outrider's control; a fixed value would break calls or fool
  /// the server.
  static boolean outridersOwn(CredentialKind kind, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return kind == CredentialKind.HEADER
        && (OWN_HEADERS.contains(lower) || lower.startsWith("mcp-"));
  }
}
