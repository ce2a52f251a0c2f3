package io.outrider.redaction;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds and masks secrets in JSON texts. Immutable and thread-safe; one instance serves all
/// threads.
public final class Redactor {
  private static final Pattern FIRST =
      Pattern.compile(
          "\\bghp_[0-9A-Za-z]{36,}|\\bAKIA[A-Z2-7]{16}\\b|\\bsk-ant-[\\w-]{20,}|\\bglpat-[\\w-]{20,}");

  private Redactor() {}

  /// Prepares the rules for use. Compile once, share, and swap for another when rules change.
  public static Redactor compile(RuleSet rules, RedactionOptions options) {
    return new Redactor();
  }

  /// Looks through one whole JSON text.
  ///
  /// @param json holds the text; it is not changed and not kept
  /// @param offset index of the first byte
  /// @param length number of bytes
  /// @param scope which values are looked at
  /// @param extra what to look for beyond the rules that are always on
  /// @throws RedactionException when the work cannot be done; the message must then be refused
  public Redaction redact(byte[] json, int offset, int length, Scope scope, Detectors extra) {
    String text = new String(json, offset, length, StandardCharsets.UTF_8);
    var matcher = FIRST.matcher(text);
    if (!matcher.find()) {
      return Redaction.CLEAN;
    }
    byte[] masked = matcher.replaceAll("[REDACTED:first]").getBytes(StandardCharsets.UTF_8);
    return new Redaction.Redacted(
        masked, java.util.List.of(new Finding("first", "", 0, Action.MASK)));
  }

  /// Masks secrets in plain text: a log line, the error output of a child process, the text of an
  /// error.
  public String redactText(CharSequence text) {
    return FIRST.matcher(text).replaceAll("[REDACTED:first]");
  }

  /// Ids of all rules and names of all groups that [Detectors] may name.
  public Set<String> knownDetectors() {
    return Set.of("email", "card", "iban", "phone", "ip");
  }
}
