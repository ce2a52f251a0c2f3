package io.outrider.review.query;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The words that fields of a closed set can have. A word that no record can have would find
/// nothing without a word about it, so it is refused; what a list shows, or a person has in hand,
/// is understood as what the records say.
public final class Vocabulary {
  private static final Map<Field, List<String>> CLOSED =
      Map.of(
          Field.VERDICT,
          List.of("allow", "deny", "shadow_deny", "none"),
          Field.KIND,
          List.of("call", "intent", "refusal", "outcome", "event"),
          Field.EVENT,
          List.of(
              "genesis",
              "start",
              "stop",
              "recovery",
              "heartbeat",
              "clock",
              "gap",
              "config",
              "policy",
              "auth_failure",
              "session_open",
              "session_close",
              "server_request",
              "tool_catalog",
              "review",
              "export",
              "hold",
              "release",
              "redact",
              "prune",
              "anchor",
              "drill",
              "alarm"));

  private static final Map<String, String> VERDICTS =
      Map.of("denied", "deny", "allowed", "allow", "shadow_denied", "shadow_deny");

  /// How outcomes begin; what a list shows of a refusal is the rest.
  private static final Pattern OUTCOME =
      Pattern.compile("(refused|failed)(\\..*)?|completed|indeterminate|.*\\*.*");

  private static final Pattern SESSION = Pattern.compile("[0-9a-f]{16}|.*\\*.*");

  private Vocabulary() {}

  /// What a field may be; empty if it can be anything.
  public static List<String> of(Field field) {
    return CLOSED.getOrDefault(field, List.of());
  }

  /// The value as records have it; empty if none can have it.
  public static Optional<String> known(Field field, String value) {
    List<String> closed = of(field);
    if (!closed.isEmpty()) {
      String wanted = value.toLowerCase(Locale.ROOT);
      String word = field == Field.VERDICT ? VERDICTS.getOrDefault(wanted, wanted) : wanted;
      return closed.contains(word) || word.indexOf('*') >= 0 ? Optional.of(word) : Optional.empty();
    }
    return switch (field) {
      case OUTCOME -> outcome(value);
      // Records hold no session's id: it would let whoever reads them take the session over.
      case SESSION -> Optional.of(SESSION.matcher(value).matches() ? value : hash(value));
      default -> Optional.of(value);
    };
  }

  private static Optional<String> outcome(String value) {
    if (value.equals("open")) {
      return Optional.empty();
    }
    return Optional.of(OUTCOME.matcher(value).matches() ? value : "refused." + value);
  }

  /// What is expected instead of a value that no record can have.
  public static String expected(Field field) {
    return field == Field.OUTCOME
        ? "kind:intent for calls that are open, or an outcome such as completed, failed or denied"
        : "one of " + String.join(", ", of(field));
  }

  private static String hash(String session) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of()
          .formatHex(sha.digest(session.getBytes(StandardCharsets.US_ASCII)), 0, Long.BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
