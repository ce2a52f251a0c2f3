package io.outrider.mcp;

/// The two families of protocol revisions.
public enum Era {
  /// Up to 2025-11-25: an `initialize` handshake, then sessions.
  LEGACY,
  /// From 2026-07-28: every request describes itself.
  MODERN;

  /// As written in policies and records.
  public String slug() {
    return this == MODERN ? "modern" : "legacy";
  }
}
