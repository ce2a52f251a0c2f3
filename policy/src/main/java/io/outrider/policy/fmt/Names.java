package io.outrider.policy.fmt;

import io.outrider.policy.syntax.Module;
import io.outrider.policy.syntax.Module.Import;
import io.outrider.policy.syntax.Span;
import io.outrider.policy.syntax.Term;
import io.outrider.policy.syntax.Term.Call;
import io.outrider.policy.syntax.Term.Var;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a module means by names: which are keywords, which calls are operators; and how a text that
/// is no name is quoted.
final class Names {
  private static final Set<String> KEYWORDS =
      Set.of(
          "package",
          "import",
          "as",
          "default",
          "else",
          "not",
          "some",
          "with",
          "null",
          "true",
          "false",
          "in",
          "every",
          "contains",
          "if");

  private final Set<String> keywords = new HashSet<>(KEYWORDS);
  private final Set<String> own = new HashSet<>();

  Names(Module module) {
    for (Import each : module.imports()) {
      switch (each.path().getFirst()) {
        case "future" -> keywords.add(each.path().getLast());
        case "rego" -> keywords.addAll(each.name().equals("v2") ? List.of("and", "or") : List.of());
        default -> own.add(each.name());
      }
    }
    module.rules().forEach(rule -> own.add(rule.head().name().name()));
  }

  /// The operator of a term, or null for one that has none. A call such as `plus(1, 2)` has one,
  /// too, unless the module gives the name another meaning.
  @Nullable Operator operator(Term term) {
    if (!(term instanceof Call call) || !(call.function() instanceof Var function)) {
      return null;
    }
    boolean plain = !call.infix() && (call.args().size() != 2 || own.contains(function.name()));
    return plain ? null : Operator.named(function.name());
  }

  boolean isUnion(Term term) {
    Operator operator = operator(term);
    return operator != null && operator.sign().equals("|");
  }

  /// A name after a dot if that is how it can be written, and was; otherwise in brackets.
  ///
  /// @param written the text it comes from
  String step(String name, String written) {
    boolean quoted = written.startsWith("\"");
    if (isName(name) && !(quoted && keywords.contains(name))) {
      return "." + name;
    }
    return "[" + (quoted ? written : quote(name)) + "]";
  }

  /// The names of a package or an import.
  ///
  /// @param at where they were written
  String path(List<String> names, Span at) {
    StringBuilder out = new StringBuilder(names.getFirst());
    for (String name : names.subList(1, names.size())) {
      String quoted = quote(name);
      out.append(step(name, at.text().contains("[" + quoted + "]") ? quoted : name));
    }
    return out.toString();
  }

  private static boolean isName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
      if (!letter && (i == 0 || c < '0' || c > '9')) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  static String quote(String text) {
    return "\"" + escape(text) + "\"";
  }

  /// The text between the braces of a template string, with what would end it escaped.
  static String templateText(String text, boolean raw) {
    return (raw ? text : escape(text)).replace("{", "\\{");
  }

  private static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20 || c == 0x7F) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }
}
