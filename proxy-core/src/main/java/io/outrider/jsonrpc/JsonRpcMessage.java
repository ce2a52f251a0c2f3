package io.outrider.jsonrpc;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One JSON-RPC message that was read strictly, together with the bytes to forward for it.
///
/// `bytes` is what came in when the reading was exact, and a re-serialisation of what was judged
/// when it was not (unknown members, line breaks between tokens). Nobody writes into the array.
public sealed interface JsonRpcMessage {

  /// UTF-8 JSON on one line.
  byte[] bytes();

  /// A message that expects an answer.
  record Request(JsonRpcId id, String method, @Nullable ObjectNode params, byte[] bytes)
      implements JsonRpcMessage {}

  /// A message that expects none.
  record Notification(String method, @Nullable ObjectNode params, byte[] bytes)
      implements JsonRpcMessage {}

  /// An answer with a result. The result is not parsed here: most answers pass through untouched.
  record Result(JsonRpcId id, byte[] bytes) implements JsonRpcMessage {}

  /// An answer with an error; the id is absent when the peer could not read it.
  record Error(@Nullable JsonRpcId id, int code, String message, byte[] bytes)
      implements JsonRpcMessage {}
}
