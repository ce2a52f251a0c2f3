package io.outrider.enforce;

import io.outrider.jsonrpc.Json;
import io.outrider.policy.ContentSchema;
import io.outrider.policy.ContentSchema.Fit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Whether redaction broke what a tool promises of its results: its `outputSchema`. Clients check
/// that, and fail on a result that does not fit in ways nobody can explain.
final class OutputCheck {

  private OutputCheck() {}

  /// Why the edited answer must not be delivered, or null when it may. An answer that did not keep
  /// the promise before is none of our doing, and passes.
  ///
  /// @param before the answer as the server gave it
  /// @param after the same, redacted
  static @Nullable String broken(@Nullable ContentSchema schema, byte[] before, byte[] after) {
    if (schema == null || before == after) {
      return null;
    }
    JsonNode given = structured(before);
    JsonNode edited = structured(after);
    if (edited.isMissingNode() || edited.equals(given)) {
      return null;
    }
    return switch (schema.check(Json.bytes(edited))) {
      case Fit.Fits _ -> null;
      case Fit.Unknown(String reason) ->
          "with its secrets masked it cannot be checked against the tool's outputSchema: " + reason;
      case Fit.Breaks(String reason) ->
          schema.check(Json.bytes(given)) instanceof Fit.Breaks
              ? null
              : "with its secrets masked it no longer satisfies the tool's outputSchema: " + reason;
    };
  }

  private static JsonNode structured(byte[] answer) {
    return Json.tree(answer).path("result").path("structuredContent");
  }
}
