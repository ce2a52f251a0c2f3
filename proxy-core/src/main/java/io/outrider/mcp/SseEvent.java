package io.outrider.mcp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One server-sent event (WHATWG HTML, "server-sent events") as Streamable HTTP uses it.
///
/// @param id event id, visible ASCII, or null
/// @param type event name; `message` when the stream gave none
/// @param retry reconnection time in milliseconds, or null
/// @param data what the `data:` lines say, in UTF-8; empty for a priming event
public record SseEvent(@Nullable String id, String type, @Nullable Long retry, byte[] data) {

  public static final String MESSAGE = "message";

  /// An event that carries one JSON-RPC message and nothing else.
  public static SseEvent message(byte[] json) {
    return new SseEvent(null, MESSAGE, null, json);
  }

  public SseEvent withData(byte[] other) {
    return other == data ? this : new SseEvent(id, type, retry, other);
  }

  /// The event as it goes on the wire. `data` must hold no line break: JSON on one line.
  public byte[] toWire() {
    StringBuilder head = new StringBuilder(64);
    // Old clients want the name spelled out; a priming event has no data and needs none.
    if (data.length > 0) {
      head.append("event: ").append(type).append('\n');
    }
    if (id != null) {
      head.append("id: ").append(id).append('\n');
    }
    if (retry != null) {
      head.append("retry: ").append(retry.longValue()).append('\n');
    }
    head.append(data.length > 0 || id != null ? "data: " : "");
    byte[] start = head.toString().getBytes(StandardCharsets.US_ASCII);
    byte[] wire = new byte[start.length + data.length + 2];
    System.arraycopy(start, 0, wire, 0, start.length);
    System.arraycopy(data, 0, wire, start.length, data.length);
    wire[wire.length - 2] = '\n';
    wire[wire.length - 1] = '\n';
    return wire;
  }
}
