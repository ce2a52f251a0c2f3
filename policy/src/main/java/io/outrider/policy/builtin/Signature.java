package io.outrider.policy.builtin;

import io.outrider.policy.value.Type;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// How a built-in is declared: what it takes and gives, for the type checker and for tools.
///
/// @param name the name policies call it by, such as `object.get`
/// @param variadic the type of any number of further arguments; null, except for `print`
/// @param result null for a function that is only called for its effect
/// @param infix the operator it is written as, such as `+`, or null
/// @param categories OPA's groups, for documentation
/// @param deprecated whether policies in Rego v1 must not call it
/// @param nondeterministic whether two calls with equal arguments may differ
/// @param relation whether it has several results, each to be unified in turn
public record Signature(
    String name,
    List<Param> args,
    @Nullable Type variadic,
    @Nullable Param result,
    @Nullable String infix,
    List<String> categories,
    boolean deprecated,
    boolean nondeterministic,
    boolean relation) {

  /// An argument or a result.
  ///
  /// @param name null when it has none
  public record Param(@Nullable String name, Type type) {
    @Override
    public String toString() {
      return name == null ? type.toString() : name + ": " + type;
    }
  }

  public Signature {
    args = List.copyOf(args);
    categories = List.copyOf(categories);
  }

  public int arity() {
    return args.size();
  }

  /// OPA's notation, such as `(x: number, y: number) => z: number`.
  @Override
  public String toString() {
    StringJoiner shown = new StringJoiner(", ", "(", ")");
    args.forEach(a -> shown.add(a.toString()));
    if (variadic != null) {
      shown.add(variadic + "...");
    }
    return shown + " => " + (result == null ? "???" : result);
  }
}
