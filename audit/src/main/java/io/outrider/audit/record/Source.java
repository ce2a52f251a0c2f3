package io.outrider.audit.record;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a message came in.
///
/// @param transport `http`, `stdio`, ...
/// @param address peer as the socket sees it, or `pid:<n>`
/// @param forwardedFor what a header claims about the peer; untrusted
/// @param sessionId the client's session, where the protocol era has sessions
/// @param requestId JSON-RPC id as received, as text
/// @param traceparent W3C trace context as received; untrusted
public record Source(
    String transport,
    @Nullable String address,
    @Nullable String forwardedFor,
    @Nullable String sessionId,
    @Nullable String requestId,
    @Nullable String traceparent) {

  public Source {
    Objects.requireNonNull(transport, "transport");
  }

  /// A source of which only the transport and the peer are known.
  public static Source of(String transport, @Nullable String address) {
    return new Source(transport, address, null, null, null, null);
  }
}
