package io.outrider.app.log;

import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What every log line passes before it is written. Until a redactor is named, the built-in rules
/// apply: there is no moment without.
public final class LogRedaction {
  private static volatile @Nullable UnaryOperator<String> current;

  private LogRedaction() {}

  /// Takes over from the built-in rules. Asked anew for each line, so that it may follow a reload.
  public static void use(UnaryOperator<String> redaction) {
    current = redaction;
  }

  /// Back to the built-in rules.
  static void reset() {
    current = null;
  }

  static String apply(String line) {
    UnaryOperator<String> redaction = current;
    try {
      return (redaction == null ? Builtin.RULES : redaction).apply(line);
    } catch (RuntimeException e) {
      // The line itself may be what the redactor choked on.
      return "a log line was withheld: its redaction failed (" + e.getClass().getSimpleName() + ")";
    }
  }

  private static final class Builtin {
    static final UnaryOperator<String> RULES =
        Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults())::recordText;
  }
}
