package io.outrider.policy.syntax;

import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One definition. Several with the same name make one document or one function.
///
/// @param body null for a rule without one, such as `p := 1`
/// @param elses the `else` branches in order
/// @param annotations the metadata blocks above the rule, each with its `scope`
public record Rule(
    Head head,
    @Nullable Body body,
    List<Else> elses,
    boolean isDefault,
    List<RegoObject> annotations,
    Span at) {
  public Rule {
    elses = List.copyOf(elses);
    annotations = List.copyOf(annotations);
  }

  /// The places that show whether a branch has ever held: its head, and its value where it has no
  /// body of its own.
  ///
  /// @param branch 0 for the rule itself, then its `else` branches
  public List<Span> headSpans(int branch) {
    if (branch > 0) {
      Else other = elses.get(branch - 1);
      Term value = other.value();
      Span word = new Span(at.source(), other.at().start(), other.at().start() + "else".length());
      return List.of(value == null ? word : word.to(value.at()));
    }
    Term value = head.value();
    if (isDefault) {
      Span word = new Span(at.source(), at.start(), at.start() + "default".length());
      return List.of(word, head.at());
    }
    return body == null && value != null ? List.of(head.at(), value.at()) : List.of(head.at());
  }

  Rule withAnnotations(List<RegoObject> value) {
    return new Rule(head, body, elses, isDefault, value, at);
  }

  /// What a rule defines.
  ///
  /// @param name the first name of the reference
  /// @param path the rest of it, with variables where the rule defines many keys
  /// @param args patterns of a function, or null
  /// @param member the element of a `contains` rule, or null
  /// @param value null where none is written, which means `true`
  /// @param assign `:=` rather than `=`
  public record Head(
      Term.Var name,
      List<Term> path,
      @Nullable List<Term> args,
      @Nullable Term member,
      @Nullable Term value,
      boolean assign,
      Span at) {
    public Head {
      path = List.copyOf(path);
      args = args == null ? null : List.copyOf(args);
    }

    /// The name and the constant keys that follow it directly, such as `a.b`.
    public String groundName() {
      StringBuilder ground = new StringBuilder(name.name());
      for (Term key : path) {
        if (!(key instanceof Term.Scalar s)) {
          break;
        }
        ground.append('.').append(s.value() instanceof RegoString part ? part.value() : s.value());
      }
      return ground.toString();
    }

    /// The name and the path as they are written, such as `a.b`.
    public String called() {
      StringBuilder called = new StringBuilder(name.name());
      for (Term key : path) {
        called.append(
            key instanceof Term.Scalar s && s.value() instanceof RegoString part
                ? "." + part.value()
                : "[" + key.at().text() + "]");
      }
      return called.toString();
    }
  }

  /// `else := value if body`; a missing value means `true`, a missing body always holds.
  public record Else(@Nullable Term value, @Nullable Body body, Span at) {}
}
