package io.outrider.audit.record;

import org.jspecify.annotations.Nullable;

/// What the client says it is. Nobody verified it, and the log marks it so.
public record Client(@Nullable String name, @Nullable String version) {

  /// The client said nothing.
  public static final Client UNKNOWN = new Client(null, null);
}
