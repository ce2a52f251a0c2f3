package io.outrider.jsonrpc;

import org.jspecify.annotations.Nullable;

/// What came of reading bytes as a JSON-RPC message.
public sealed interface Reading {

  /// A well-formed message.
  record Parsed(JsonRpcMessage message) implements Reading {}

  /// Bytes that are not one well-formed message.
  ///
  /// @param fault what kind of rule was broken
  /// @param detail the value found and the value expected, without payload
  /// @param id the request id, when it could still be read
  record Bad(Fault fault, String detail, @Nullable JsonRpcId id) implements Reading {}

  /// The kinds of broken rule, each with the JSON-RPC code the specification names for it.
  enum Fault {
    /// Not one JSON text by RFC 8259.
    NOT_JSON(-32700),
    /// JSON, but not a JSON-RPC message.
    NOT_A_MESSAGE(-32600);

    private final int code;

    Fault(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }
  }
}
