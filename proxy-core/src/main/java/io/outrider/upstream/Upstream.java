package io.outrider.upstream;

import io.outrider.enforce.Forwarder;

/// One configured server. Thread-safe.
public interface Upstream extends Forwarder, AutoCloseable {

  /// `http` or `stdio`, as policies see it.
  String transport();

  /// Ends every connection and process.
  @Override
  void close();
}
