package io.outrider.enforce;

import java.util.Map;

/// The last word to a client about one message.
///
/// @param status HTTP status; a pipe ignores it
/// @param json one JSON-RPC message, or no bytes when there is nothing to say (HTTP 202)
/// @param headers HTTP headers beyond the content type; a pipe ignores them
public record Answer(int status, byte[] json, Map<String, String> headers) {

  public Answer {
    headers = Map.copyOf(headers);
  }

  /// Taken, and nothing to say about it.
  public static final Answer ACCEPTED = new Answer(202, new byte[0], Map.of());

  static Answer ok(byte[] json) {
    return new Answer(200, json, Map.of());
  }
}
