package io.outrider.audit.record;

import org.jspecify.annotations.Nullable;

/// What was asked for. Every part may be unknown: a message that could not be read names nothing.
///
/// @param era `legacy` or `modern`
/// @param revision protocol revision in force, such as `2025-06-18`
/// @param upstream name of the upstream in the configuration
/// @param method JSON-RPC method
/// @param name tool, prompt or resource URI
/// @param definitionDigest digest of the tool definition in force, so that a changed definition
///   shows
public record Target(
    @Nullable String era,
    @Nullable String revision,
    @Nullable String upstream,
    @Nullable String method,
    @Nullable String name,
    @Nullable String definitionDigest) {

  /// Nothing is known.
  public static final Target UNKNOWN = new Target(null, null, null, null, null, null);
}
