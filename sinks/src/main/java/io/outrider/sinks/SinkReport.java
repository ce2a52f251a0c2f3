package io.outrider.sinks;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How one sink is, at one moment.
///
/// @param name as configured
/// @param kind `file`, `syslog`, `http`, `otlp`, `kafka` or `s3`
/// @param next index of the first record that was not delivered
/// @param waitingSince when the record at `next` was recorded, if it waits
/// @param delivered records delivered since the start, those sent again included
/// @param errors attempts that failed since the start
/// @param missed records passed over since the start, because they were gone or refused
/// @param error why it does not go on; null while it does
public record SinkReport(
    String name,
    String kind,
    State state,
    long next,
    @Nullable Instant waitingSince,
    long delivered,
    long errors,
    long missed,
    @Nullable String error) {

  /// What it is doing.
  public enum State {
    /// It delivers, or has delivered all there is.
    RUNNING,
    /// The last attempt failed; it tries again.
    FAILING,
    /// It was ended, or refuses to go on without a person.
    STOPPED
  }
}
