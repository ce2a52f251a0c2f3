package io.outrider.policy;

import io.outrider.policy.builtin.JsonSchemas;
import io.outrider.policy.builtin.jsonschema.JsonSchema;
import io.outrider.policy.builtin.jsonschema.SchemaException;
import io.outrider.policy.builtin.jsonschema.Violation;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// A JSON Schema that a stranger declared for values of his: 2020-12 unless it names an older
/// draft. Patterns are matched in linear time and the work is bounded. Thread-safe.
public final class ContentSchema {
  /// Steps of one check: some hundred for each value of a message of the usual bound.
  private static final long MAX_STEPS = 5_000_000;

  private final byte[] source;
  private volatile @Nullable Compiled compiled;

  private ContentSchema(byte[] source) {
    this.source = source;
  }

  /// Compiled when it is first needed: most never are.
  ///
  /// @param json not copied
  public static ContentSchema of(byte[] json) {
    return new ContentSchema(json);
  }

  /// Whether a value is as the schema says.
  public sealed interface Fit {
    /// It is.
    record Fits() implements Fit {}

    /// It is not.
    ///
    /// @param reason the place and the kind of the first violation; names members, shows no value
    record Breaks(String reason) implements Fit {}

    /// It cannot be said.
    ///
    /// @param reason what is wrong with the schema, or too much in it
    record Unknown(String reason) implements Fit {}
  }

  private record Compiled(@Nullable JsonSchema schema, String problem) {}

  /// Checks a JSON text.
  public Fit check(byte[] json) {
    Compiled ready = compiled();
    JsonSchema schema = ready.schema;
    if (schema == null) {
      return new Fit.Unknown(ready.problem);
    }
    try {
      List<Violation> violations =
          schema.validate(RegoJson.read(json), JsonSchemas.FORMATS, budget());
      if (violations.isEmpty()) {
        return new Fit.Fits();
      }
      Violation first = violations.getFirst();
      return new Fit.Breaks(first.field() + ": " + first.type());
    } catch (SchemaException | RegoJsonException e) {
      return new Fit.Unknown(String.valueOf(e.getMessage()));
    }
  }

  private static LongConsumer budget() {
    long[] left = {MAX_STEPS};
    return steps -> {
      left[0] -= steps;
      if (left[0] < 0) {
        throw new SchemaException("more than " + MAX_STEPS + " steps");
      }
    };
  }

  private Compiled compiled() {
    Compiled ready = compiled;
    if (ready == null) {
      try {
        ready = new Compiled(JsonSchema.compileLatest(RegoJson.read(source)), "");
      } catch (SchemaException | RegoJsonException e) {
        ready = new Compiled(null, String.valueOf(e.getMessage()));
      }
      compiled = ready; // whoever else was at it came to the same
    }
    return ready;
  }
}
