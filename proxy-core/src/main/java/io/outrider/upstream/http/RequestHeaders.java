package io.outrider.upstream.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.outrider.call.Call;
import io.outrider.enforce.Permit;
import io.outrider.mcp.Era;
import io.outrider.mcp.HeaderValue;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.Revision;
import io.outrider.session.ClientSession;
import io.outrider.settings.Secret;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the headers of requests to an upstream, from what was judged: nothing a client sent in a
/// header is copied, so no credential of a client can pass.
final class RequestHeaders {

  private static final String BOTH = "application/json, text/event-stream";

  private final String host;
  private final Map<String, Secret> configured;

  /// @param host value of the Host header
  /// @param configured credentials and other fixed headers
  RequestHeaders(String host, Map<String, Secret> configured) {
    this.host = host;
    this.configured = configured;
  }

  void post(HttpHeaders headers, int length) {
    common(headers, BOTH);
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.setInt(HttpHeaderNames.CONTENT_LENGTH, length);
  }

  void get(HttpHeaders headers) {
    common(headers, "text/event-stream");
  }

  void delete(HttpHeaders headers) {
    common(headers, "application/json");
  }

  private void common(HttpHeaders headers, String accept) {
    headers.set(HttpHeaderNames.HOST, host);
    headers.set(HttpHeaderNames.ACCEPT, accept);
    headers.set(HttpHeaderNames.ACCEPT_ENCODING, HttpHeaderValues.IDENTITY);
    configured.forEach((name, value) -> headers.set(name, value.reveal()));
  }

  /// The headers that mirror the body of a modern request.
  static void mirror(Sink headers, Permit permit) {
    Call call = permit.call();
    if (call.era() != Era.MODERN) {
      return;
    }
    headers.set(McpHeaders.PROTOCOL_VERSION, call.revision());
    headers.set(McpHeaders.METHOD, call.method().wire());
    if (call.method().mirrorsName() && call.name() != null) {
      headers.set(McpHeaders.NAME, HeaderValue.encode(call.name()));
    }
    permit.paramHeaders().forEach(h -> headers.set(h.header(), HeaderValue.encode(h.value())));
  }

  /// Where headers go that are not the same for all requests.
  interface Sink {
    void set(String name, String value);
  }

  /// The headers of a message inside a legacy session.
  static void session(Sink headers, ClientSession session, @Nullable String upstreamSession) {
    if (upstreamSession != null) {
      headers.set(McpHeaders.SESSION_ID, upstreamSession);
    }
    String revision = session.revision();
    // Older revisions do not know the header (2025-06-18, transports).
    if (revision.compareTo(Revision.V2025_06_18.text()) >= 0) {
      headers.set(McpHeaders.PROTOCOL_VERSION, revision);
    }
  }
}
