package io.outrider.sinks;

import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.time.Duration;
import java.util.regex.Pattern;

/// One sink as configured.
///
/// @param name names its cursor, its metrics and its thread
/// @param kind what it is, in one word
/// @param onRefusal what becomes of a record the receiver will not take
/// @param factory makes the receiver's client; must not wait for the network
public record SinkSpec(String name, String kind, Pace pace, OnRefusal onRefusal, Factory factory) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  public SinkSpec {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "name: '"
              + name
              + "' (expected: up to 64 of a-z, 0-9, _ and -, with a letter or digit first)");
    }
  }

  /// How much at once and how often.
  ///
  /// @param records most records of one delivery
  /// @param bytes size after which a delivery takes no further record
  /// @param interval between two looks at the log when there was nothing left to send
  public record Pace(int records, int bytes, Duration interval) {
    /// A checkpoint comes at most once a second, and only what it covers is sent.
    public static final Duration EVERY_CHECKPOINT = Duration.ofMillis(500);

    public Pace {
      if (records < 1 || bytes < 1 || interval.isNegative() || interval.isZero()) {
        throw new IllegalArgumentException(
            "pace: %d records, %d bytes, %s (expected: all above zero)"
                .formatted(records, bytes, interval));
      }
    }
  }

  /// What becomes of a record the receiver will not take.
  public enum OnRefusal {
    /// The sink stops before it and tries again, until a person has looked.
    WAIT,
    /// The record goes into `export/<sink>.refused.jsonl`, an alarm is raised, and the sink goes
    /// on.
    SET_ASIDE
  }

  /// Makes a sink.
  @FunctionalInterface
  public interface Factory {
    /// A sink that is ready to be delivered to.
    ///
    /// @param log for sinks that hand on more than records
    /// @throws IOException if something on this machine cannot be used, such as a file or a key
    Sink create(PublishedLog log) throws IOException;
  }
}
