package io.outrider.policy;

import io.outrider.policy.types.SchemaTypes;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.Type;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/// The document that policies of Outrider see as `input`: the schema `outrider.input/1`, which lies
/// beside this class.
final class InputSchema {
  private static final class Holder {
    static final Type TYPE = SchemaTypes.of((RegoObject) RegoJson.read(read()));
  }

  private InputSchema() {}

  static Type type() {
    return Holder.TYPE;
  }

  static byte[] read() {
    try (InputStream in = InputSchema.class.getResourceAsStream("outrider.input.1.json")) {
      return Objects.requireNonNull(in, "outrider.input.1.json").readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
