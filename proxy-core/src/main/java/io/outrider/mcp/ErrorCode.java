package io.outrider.mcp;

/// JSON-RPC error codes: those of the specifications, and our own, which lie outside -32768..-32000
/// because 2026-07-28 reserves that range.
public final class ErrorCode {
  public static final int PARSE_ERROR = -32700;
  public static final int INVALID_REQUEST = -32600;
  public static final int METHOD_NOT_FOUND = -32601;
  public static final int INVALID_PARAMS = -32602;
  public static final int INTERNAL_ERROR = -32603;

  /// Legacy era only; 2026-07-28 says [#INVALID_PARAMS].
  public static final int RESOURCE_NOT_FOUND = -32002;

  public static final int HEADER_MISMATCH = -32020;
  public static final int MISSING_CAPABILITY = -32021;
  public static final int UNSUPPORTED_VERSION = -32022;

  /// Convention of the SDKs for requests a legacy transport cannot serve.
  public static final int LEGACY_TRANSPORT = -32000;

  /// Convention of the SDKs for an unknown legacy session.
  public static final int LEGACY_SESSION = -32001;

  public static final int UNAUTHENTICATED = 401;
  public static final int DENIED = 403;
  public static final int TOO_LARGE = 413;
  public static final int OVER_LIMIT = 429;
  public static final int UPSTREAM_BROKEN = 502;
  public static final int UNAVAILABLE = 503;
  public static final int UPSTREAM_TIMED_OUT = 504;

  private ErrorCode() {}
}
