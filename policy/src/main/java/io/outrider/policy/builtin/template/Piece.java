package io.outrider.policy.builtin.template;

import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A parsed part of a template.
sealed interface Piece {
  record Text(String text) implements Piece {}

  record Print(Pipeline pipeline) implements Piece {}

  record If(Pipeline pipeline, List<Piece> then, List<Piece> otherwise) implements Piece {}

  record With(Pipeline pipeline, List<Piece> then, List<Piece> otherwise) implements Piece {}

  record Range(Pipeline pipeline, List<Piece> body, List<Piece> otherwise) implements Piece {}

  record Call(String name, @Nullable Pipeline pipeline) implements Piece {}

  record Break() implements Piece {}

  record Continue() implements Piece {}

  /// @param variables what the value is given to, with their dollars; of `range` up to two
  /// @param declares whether the variables are new
  record Pipeline(List<String> variables, boolean declares, List<Command> commands) {}

  /// A value, or a function with its arguments.
  record Command(List<Operand> words) {}

  /// One word of a command.
  sealed interface Operand {
    record Constant(RegoValue value) implements Operand {}

    record Nil() implements Operand {}

    record Function(String name) implements Operand {}

    /// The dot or a variable, with the fields that are taken from it.
    ///
    /// @param variable empty for the dot
    record Path(String variable, List<String> fields) implements Operand {}

    record Nested(Pipeline pipeline, List<String> fields) implements Operand {}
  }
}
