package io.outrider.mcp;

/// Names of the HTTP headers MCP gives a meaning, in lower case (HTTP/1.1 compares names without
/// regard to case).
public final class McpHeaders {
  public static final String PROTOCOL_VERSION = "mcp-protocol-version";
  public static final String SESSION_ID = "mcp-session-id";
  public static final String LAST_EVENT_ID = "last-event-id";
  public static final String METHOD = "mcp-method";
  public static final String NAME = "mcp-name";
  public static final String PARAM_PREFIX = "mcp-param-";

  private McpHeaders() {}
}
