package io.outrider.app.cli;

import ch.qos.logback.classic.LoggerContext;
import io.outrider.app.serve.Service;
import org.slf4j.LoggerFactory;

/// Ends in order when the process is told to end.
final class Shutdown {
  private Shutdown() {}

  /// On SIGTERM, SIGINT and SIGHUP: drain, close, and write out the log.
  static void onSignal(Service service) {
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("outrider-shutdown")
                .unstarted(() -> {
                  service.shutdown();
                  flushLog();
                }));
  }

  /// The log is written by a thread of its own; what it still holds must not be lost with the
  /// process.
  static void flushLog() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
