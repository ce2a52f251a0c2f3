package io.outrider.settings;

import java.time.Duration;

/// How long things may take.
///
/// @param connect until an upstream accepts a connection or a started server answers its first
///   message
/// @param idle between two signs of life of a call (a response, an event, a progress notification)
/// @param absolute of a whole call, signs of life or not
/// @param session without any message before a session ends
/// @param keepAlive between two comments on an otherwise silent event stream
/// @param drain given to running calls after SIGTERM
public record TimeoutSettings(
    Duration connect,
    Duration idle,
    Duration absolute,
    Duration session,
    Duration keepAlive,
    Duration drain) {
  /// What the TypeScript SDK gives its probe of a server.
  public static final Duration DEFAULT_CONNECT = Duration.ofSeconds(10);

  /// Five times the 60 seconds SDK clients wait for a reply: the client's patience should decide,
  /// this only ends what it left behind.
  public static final Duration DEFAULT_IDLE = Duration.ofMinutes(5);

  /// The longest tools in use (builds, crawls) end well within an hour.
  public static final Duration DEFAULT_ABSOLUTE = Duration.ofHours(1);

  /// As SDK servers do.
  public static final Duration DEFAULT_SESSION = Duration.ofMinutes(30);

  /// Below the 30 to 60 seconds after which load balancers cut silent connections.
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(15);

  /// Kubernetes kills 30 seconds after SIGTERM; five remain for closing the audit log.
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(25);

  public TimeoutSettings {
    Checks.positive("timeouts.connect", connect);
    Checks.positive("timeouts.idle", idle);
    Checks.positive("timeouts.absolute", absolute);
    Checks.positive("timeouts.session", session);
    Checks.positive("timeouts.keep_alive", keepAlive);
    Checks.notNegative("timeouts.drain", drain);
    if (absolute.compareTo(idle) < 0) {
      throw new IllegalArgumentException(
          "timeouts.absolute: %s (expected: at least timeouts.idle, %s)".formatted(absolute, idle));
    }
  }

  /// The defaults above.
  public static TimeoutSettings defaults() {
    return new TimeoutSettings(
        DEFAULT_CONNECT,
        DEFAULT_IDLE,
        DEFAULT_ABSOLUTE,
        DEFAULT_SESSION,
        DEFAULT_KEEP_ALIVE,
        DEFAULT_DRAIN);
  }
}
