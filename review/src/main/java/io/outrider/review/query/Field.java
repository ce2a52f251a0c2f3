package io.outrider.review.query;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What a record says in words, and the names a query may use for it.
public enum Field {
  USER(1, true, "user", "principal"),
  UPSTREAM(2, true, "upstream", "server"),
  METHOD(3, true, "method", "method"),
  TOOL(4, true, "tool", "tool"),
  VERDICT(5, false, "verdict", "decision"),
  OUTCOME(6, true, "outcome", "outcome"),
  /// The rule that took part.
  RULE(7, true, "rule", "rule"),
  /// Where the rule stands: `file:row`.
  FILE(8, true, "file", "file"),
  /// Reasons of a refusal, warnings, and the detail of an outcome.
  REASON(9, true, "reason", "why"),
  /// `name=value`.
  LABEL(10, true, "label", "label"),
  SESSION(11, false, "session", "session"),
  CLIENT(12, true, "client", "client"),
  /// Digest of the policy bundle.
  POLICY(13, false, "policy", "policy"),
  /// Digest of the configuration.
  CONFIG(14, false, "config", "config"),
  /// `call`, `intent`, `refusal`, `outcome`, `event`.
  KIND(15, false, "kind", "kind"),
  /// Slug of an event.
  EVENT(16, true, "event", "event"),
  /// Id of a redaction rule that found something.
  REDACTED(17, true, "redacted", "redacted"),
  /// How the principal was verified.
  VERIFIED(18, false, "verified", "by"),
  /// Transport the call came over.
  VIA(19, false, "via", "via"),
  /// Address it came from, without the port.
  ADDRESS(20, true, "address", "from"),
  OBLIGATION(21, false, "obligation", "obligation"),
  /// Code of a JSON-RPC error, or `tool` where the tool called its own result an error.
  ERROR(22, false, "error", "error"),
  /// The run of the process that wrote it.
  RUN(23, false, "run", "run"),
  /// A fact of an event: `name=value`.
  FACT(24, true, "fact", "fact");

  private final int code;
  private final boolean words;
  private final String slug;
  private final String alias;

  Field(int code, boolean words, String slug, String alias) {
    this.code = code;
    this.words = words;
    this.slug = slug;
    this.alias = alias;
  }

  /// The number in the index; never changes without a new schema version.
  public int code() {
    return code;
  }

  /// Whether free text is looked for in it.
  public boolean words() {
    return words;
  }

  /// The name to print.
  public String slug() {
    return slug;
  }

  /// The field of a name.
  public static Optional<Field> of(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(f -> f.slug.equals(wanted) || f.alias.equals(wanted))
        .findFirst();
  }
}
