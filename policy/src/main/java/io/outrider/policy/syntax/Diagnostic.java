package io.outrider.policy.syntax;

import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One problem in a policy text, with its place, the line it stands on and, where one is known, a
/// way out.
///
/// @param code the code that OPA gives the same problem (`rego_parse_error`,
///   `rego_unsafe_var_error`, ...)
/// @param file the module's name; empty for a query
/// @param row one-based line
/// @param col one-based column, counted in code points
/// @param sourceLine the text of that line
/// @param hint how to repair it, or null
public record Diagnostic(
    String code,
    String message,
    String file,
    int row,
    int col,
    String sourceLine,
    @Nullable String hint,
    Severity severity)
    implements Comparable<Diagnostic> {

  public static final String PARSE = "rego_parse_error";
  public static final String COMPILE = "rego_compile_error";
  public static final String TYPE = "rego_type_error";
  public static final String UNSAFE = "rego_unsafe_var_error";
  public static final String RECURSION = "rego_recursion_error";

  private static final int MAX_HINT = 1_000;

  private static final Comparator<Diagnostic> BY_PLACE =
      Comparator.comparing(Diagnostic::file)
          .thenComparingInt(Diagnostic::row)
          .thenComparingInt(Diagnostic::col)
          .thenComparing(Diagnostic::code)
          .thenComparing(Diagnostic::message);

  /// Whether the problem stops the policy from being used.
  public enum Severity {
    ERROR,
    WARNING
  }

  public Diagnostic {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(message, "message");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(sourceLine, "sourceLine");
    Objects.requireNonNull(severity, "severity");
    // A hint may show the type of a document; nobody reads pages of it.
    if (hint != null && hint.length() > MAX_HINT) {
      hint = hint.substring(0, MAX_HINT) + "...";
    }
  }

  /// An error at `at`.
  public static Diagnostic error(String code, Span at, String message, @Nullable String hint) {
    return of(code, at, message, hint, Severity.ERROR);
  }

  /// An error that is about no place in particular.
  public static Diagnostic withoutPlace(String code, String message) {
    return new Diagnostic(code, message, "", 0, 0, "", null, Severity.ERROR);
  }

  /// Something to look at, at `at`.
  public static Diagnostic warning(String code, Span at, String message, @Nullable String hint) {
    return of(code, at, message, hint, Severity.WARNING);
  }

  private static Diagnostic of(
      String code, Span at, String message, @Nullable String hint, Severity severity) {
    return new Diagnostic(code, message, at.file(), at.row(), at.col(), at.line(), hint, severity);
  }

  /// `file:row: code: message`, the form OPA prints.
  @Override
  public String toString() {
    if (file.isEmpty() && row == 0) {
      return code + ": " + message;
    }
    return (file.isEmpty() ? Integer.toString(row) + ":" + col : file + ":" + row)
        + ": "
        + code
        + ": "
        + message;
  }

  /// The problem, its line with a caret under the place, and the hint, each on its own line.
  public String render() {
    StringBuilder out = new StringBuilder();
    if (file.isEmpty() && row == 0) {
      return out.append(code).append(": ").append(message).toString();
    }
    out.append(file.isEmpty() ? "query" : file).append(':').append(row).append(':').append(col);
    out.append(": ").append(code).append(": ").append(message);
    if (!sourceLine.isBlank()) {
      out.append("\n\t").append(sourceLine).append("\n\t");
      for (int i = 0, n = 1; i < sourceLine.length() && n < col; n++) {
        int point = sourceLine.codePointAt(i);
        out.append(point == '\t' ? '\t' : ' ');
        i += Character.charCount(point);
      }
      out.append('^');
    }
    if (hint != null) {
      out.append("\n\thint: ").append(hint);
    }
    return out.toString();
  }

  @Override
  public int compareTo(Diagnostic other) {
    return BY_PLACE.compare(this, other);
  }
}
