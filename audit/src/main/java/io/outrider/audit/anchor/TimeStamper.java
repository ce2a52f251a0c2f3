package io.outrider.audit.anchor;

import java.io.IOException;

/// An authority that says when it saw something (RFC 3161).
public interface TimeStamper {

  /// Its name in the configuration.
  String name();

  /// Gets a time stamp over these bytes and checks it.
  ///
  /// @return the authority's whole answer, as it is kept
  /// @throws IOException if it cannot be reached, or what it says does not stand
  byte[] stamp(byte[] content) throws IOException;
}
