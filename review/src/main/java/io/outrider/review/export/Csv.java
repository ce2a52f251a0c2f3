package io.outrider.review.export;

import io.outrider.audit.verify.SafeText;

/// Cells that mean in a spreadsheet what they say, and nothing else.
public final class Csv {
  private Csv() {}

  /// What a spreadsheet may take for the beginning of a formula.
  private static final String FORMULA = "=+-@";

  /// One cell, quoted where it must be; characters that could break out of the line or turn it
  /// round are written as their codes, and what might be a formula begins with an apostrophe.
  public static String cell(String text) {
    String safe = SafeText.of(text);
    if (!safe.isEmpty() && FORMULA.indexOf(safe.charAt(0)) >= 0 && !isNumber(safe)) {
      safe = "'" + safe;
    }
    return safe.contains(",") || safe.contains("\"") || safe.contains(";")
        ? "\"" + safe.replace("\"", "\"\"") + "\""
        : safe;
  }

  private static boolean isNumber(String text) {
    return text.matches("-?\\d{1,18}(\\.\\d{1,18})?");
  }
}
