package io.outrider.call;

import tools.jackson.databind.JsonNode;

/// What the client says it is. Unverified: never a reason to allow anything.
public record ClientInfo(String name, String version) {

  public static final ClientInfo UNKNOWN = new ClientInfo("", "");
  private static final int MAX_CHARS = 128;

  /// From an MCP `Implementation` object; missing members become empty, long ones are cut.
  public static ClientInfo of(JsonNode implementation) {
    return new ClientInfo(cut(implementation.path("name")), cut(implementation.path("version")));
  }

  private static String cut(JsonNode text) {
    String s = text.isString() ? text.stringValue() : "";
    return s.length() <= MAX_CHARS ? s : s.substring(0, MAX_CHARS);
  }
}
