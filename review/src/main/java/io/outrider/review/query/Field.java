package io.outrider.review.query;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a record says in words, and the names a query may use for it.
public enum Field {
  USER(1, true, "user", "principal"),
  UPSTREAM(2, true, "upstream", "server"),
  METHOD(3, true, "method"),
  TOOL(4, true, "tool"),
  VERDICT(5, false, "verdict", "decision"),
  OUTCOME(6, true, "outcome"),
  /// The rule that took part.
  RULE(7, true, "rule"),
  /// Where the rule stands: `file:row`.
  FILE(8, true, "file"),
  /// Reasons of a refusal, warnings, and the detail of an outcome.
  REASON(9, true, "reason", "why"),
  /// `name=value`.
  LABEL(10, true, "label"),
  SESSION(11, false, "session"),
  CLIENT(12, true, "client"),
  /// Digest of the policy bundle.
  POLICY(13, false, "policy"),
  /// Digest of the configuration.
  CONFIG(14, false, "config"),
  /// `call`, `intent`, `refusal`, `outcome`, `event`.
  KIND(15, false, "kind"),
  /// Slug of an event.
  EVENT(16, true, "event"),
  /// Id of a redaction rule that found something.
  REDACTED(17, true, "redacted"),
  /// How the principal was verified.
  VERIFIED(18, false, "verified", "by"),
  /// Transport the call came over.
  VIA(19, false, "via"),
  /// Address it came from, without the port.
  ADDRESS(20, true, "address", "from"),
  OBLIGATION(21, false, "obligation"),
  /// Code of a JSON-RPC error, or `tool` where the tool called its own result an error.
  ERROR(22, false, "error"),
  /// The run of the process that wrote it.
  RUN(23, false, "run"),
  /// A fact of an event: `name=value`.
  FACT(24, true, "fact");

  private final int code;
  private final boolean words;
  private final List<String> names;

  Field(int code, boolean words, String... names) {
    this.code = code;
    this.words = words;
    this.names = List.of(names);
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
    return names.getFirst();
  }

  /// The field of a name.
  public static Optional<Field> of(String name) {
    return Arrays.stream(values())
        .filter(f -> f.names.contains(name.toLowerCase(Locale.ROOT)))
        .findFirst();
  }
}
