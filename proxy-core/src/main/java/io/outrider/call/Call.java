package io.outrider.call;

import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One request of a client, understood: who asks whom for what. What a call says never changes
/// after it was opened; gates answer with values of their own.
///
/// @param id its name everywhere
/// @param receivedAt wall-clock time of its last byte
/// @param startNanos the same moment on the monotonic clock
/// @param revision protocol revision in force, as on the wire
/// @param upstream which server is meant
/// @param name the tool, prompt, resource URI or task it is about; null when the method names none
/// @param arguments what policies see as `input.arguments`; null when absent
/// @param message the request as read
/// @param paramHeaders mirrored `Mcp-Param-*` headers of a modern HTTP request, well-formed
/// @param session digest that names the legacy session, never its id; or null
public record Call(
    CallId id,
    Instant receivedAt,
    long startNanos,
    Principal principal,
    ClientInfo client,
    Source source,
    Era era,
    String revision,
    String upstream,
    McpMethod method,
    @Nullable String name,
    @Nullable ObjectNode arguments,
    JsonRpcMessage.Request message,
    List<ParamHeader> paramHeaders,
    @Nullable String session) {

  /// A mirrored argument: the header name as it came and its decoded value.
  public record ParamHeader(String header, String value) {}

  /// Whether the proxy asks this itself; then no client hears what the server says.
  public boolean isOwn() {
    return source.equals(Source.PROXY);
  }

  public Call {
    paramHeaders = List.copyOf(paramHeaders);
  }
}
