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

  private static final Pattern PROPERTY_NAME = Pattern.compile("[a-z][a-z0-9._-]*");

  /// Ends of the names of Kafka's properties that hold credentials; the middle of one says nothing,
  /// as in `ssl.keystore.location`.
  private static final Pattern CREDENTIAL_PROPERTY =
      Pattern.compile(
          "(password|jaas\\.config|secret|keystore\\.key|credentials|basic\\.auth\\.user\\.info)$");

  /// What makes a topic hold the log whole and in order is not left to chance.
  private static final Set<String> OWN_PROPERTIES =
      Set.of(
          "acks",
          "bootstrap.servers",
          "client.id",
          "compression.type",
          "delivery.timeout.ms",
          "enable.idempotence",
          "key.serializer",
          "max.block.ms",
          "request.timeout.ms",
          "transactional.id",
          "value.serializer");

  private CredentialNames() {}

  static boolean credential(CredentialKind kind, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (kind) {
      case HEADER -> CREDENTIAL_HEADERS.contains(lower) || CREDENTIAL_WORD.matcher(lower).find();
      case VARIABLE -> CREDENTIAL_WORD.matcher(lower).find();
      case PROPERTY -> CREDENTIAL_PROPERTY.matcher(lower).find();
    };
  }

  static boolean wellFormed(CredentialKind kind, String name) {
    Pattern form =
        switch (kind) {
          case HEADER -> HEADER_NAME;
          case VARIABLE -> VARIABLE_NAME;
          case PROPERTY -> PROPERTY_NAME;
        };
    return form.matcher(name).matches();
  }

  /// Names the protocol needs under Outrider's control; a fixed value would break calls, fool the
  /// server, or lose records.
  static boolean outridersOwn(CredentialKind kind, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return switch (kind) {
      case HEADER -> OWN_HEADERS.contains(lower) || lower.startsWith("mcp-");
      case VARIABLE -> false;
      case PROPERTY -> OWN_PROPERTIES.contains(lower);
    };
  }
}
