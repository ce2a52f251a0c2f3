package io.outrider.upstream;

import io.outrider.enforce.Forwarder;
import io.outrider.settings.UpstreamSettings;

/// One configured server. Thread-safe.
public interface Upstream extends Forwarder, AutoCloseable {

  /// `http` or `stdio`, as policies see it.
  String transport();

  /// Puts other credentials in force for what begins from now on; nothing else of the settings may
  /// differ.
  void credentials(UpstreamSettings changed);

  /// Ends every connection and process.
  @Override
  void close();
}
