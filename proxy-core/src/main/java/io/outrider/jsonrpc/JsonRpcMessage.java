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

  /// An answer with a result, of which only two members are looked at: most answers pass through
  /// untouched.
  ///
  /// @param resultType `result.resultType` (2026-07-28), or null when absent
  /// @param isError whether `result.isError` is true: the tool failed
  record Result(JsonRpcId id, @Nullable String resultType, boolean isError, byte[] bytes)
      implements JsonRpcMessage {}

  /// An answer with an error; the id is absent when the peer could not read it.
  record Error(@Nullable JsonRpcId id, int code, String message, byte[] bytes)
      implements JsonRpcMessage {}
}
