package io.outrider.app.serve;

import io.outrider.settings.Settings;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/// What the app needs of a running proxy.
interface Proxy extends AutoCloseable {
  /// Where it listens; the port is a real one.
  InetSocketAddress address();

  /// Why it should get no calls; empty when it should.
  List<String> unready();

  /// Brings limits and upstream credentials of `settings` into force.
  void reload(Settings settings);

  /// Accepts nothing new and waits for running calls, at most so long.
  ///
  /// @return how many calls were still running
  int drain(Duration longest);

  @Override
  void close();
}
