package io.outrider.call;

/// Where a message came from.
///
/// @param ip the peer's address, or `-` for a pipe
/// @param transport `http` or `stdio`
public record Source(String ip, String transport) {
  public static final Source STDIO = new Source("-", "stdio");

  public static Source http(String ip) {
    return new Source(ip, "http");
  }
}
