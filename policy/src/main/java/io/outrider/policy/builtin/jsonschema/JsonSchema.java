package io.outrider.policy.builtin.jsonschema;

import io.outrider.policy.value.RegoValue;
import java.util.List;
import java.util.function.LongConsumer;

/// A compiled schema. Immutable, so that evaluations may share it.
public final class JsonSchema {
  private final SubSchema root;

  private JsonSchema(SubSchema root) {
    this.root = root;
  }

  /// Throws [SchemaException] when the schema makes no sense.
  public static JsonSchema compile(RegoValue schema) {
    return new JsonSchema(SchemaCompiler.compile(schema));
  }

  /// As [#compile], for a schema that is of 2020-12 unless it says otherwise, as those of MCP are.
  public static JsonSchema compileLatest(RegoValue schema) {
    return compile(Dialect2020.lowered(schema));
  }

  /// In what ways a value does not fit; none if it does.
  ///
  /// @param budget told of the work done; may throw to stop it
  public List<Violation> validate(RegoValue value, Formats formats, LongConsumer budget) {
    return Validation.validate(root, value, formats, budget);
  }
}
