package io.outrider.call;

/// Where a message came from.
///
/// @param ip the peer's address, or `-` for a pipe
/// @param transport `http`, `stdio`, or `proxy` for what the proxy asks itself
public record Source(String ip, String transport) {
  public static final Source STDIO = new Source("-", "stdio");

  /// The proxy itself, which asks in the name of a client.
  public static final Source PROXY = new Source("-", "proxy");

  public static Source http(String ip) {
    return new Source(ip, "http");
  }
}
