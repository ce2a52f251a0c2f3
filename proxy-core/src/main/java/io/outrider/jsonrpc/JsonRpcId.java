package io.outrider.jsonrpc;

import tools.jackson.core.io.JsonStringEncoder;

/// The id of a JSON-RPC request: a string, or an integer within ±(2^53−1).
///
/// `1` and `"1"` are different ids. Fractions, exponents and `null` are refused by the reader,
/// because peers disagree about whether `1`, `1.0` and `1e0` are the same.
public sealed interface JsonRpcId {

  /// The largest integer every JSON implementation keeps exactly.
  long MAX_SAFE_INTEGER = (1L << 53) - 1;

  /// This id as JSON text.
  String toJson();

  /// @param value within ±[#MAX_SAFE_INTEGER]
  record Num(long value) implements JsonRpcId {
    @Override
    public String toJson() {
      return Long.toString(value);
    }

    @Override
    public String toString() {
      return toJson();
    }
  }

  /// @param value the decoded string
  record Str(String value) implements JsonRpcId {
    @Override
    public String toJson() {
      return '"' + new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)) + '"';
    }

    @Override
    public String toString() {
      return toJson();
    }
  }
}
