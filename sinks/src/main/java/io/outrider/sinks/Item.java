package io.outrider.sinks;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One thing to send: a record, or the marker of a gap.
///
/// @param id what tells it from all others of its log: the index, or the range that is gone
/// @param index of the record, or of the first that is gone
/// @param kind `intent`, `outcome`, `refusal`, `event` or `gap`
/// @param time when it was recorded; null for a gap
/// @param call id of the call it is about; null if it is about none
/// @param event what happened, for kind `event`
/// @param trace W3C trace context of the call; null if there was none
/// @param json the line: the leaf exactly as the tree hashes it
public record Item(
    String id,
    long index,
    String kind,
    @Nullable Instant time,
    @Nullable String call,
    @Nullable String event,
    @Nullable String trace,
    byte[] json) {

  /// The kind of the marker that stands for records that are gone.
  public static final String GAP = "gap";

  /// Events that are more than business as usual.
  private static final Set<String> LOUD =
      Set.of("alarm", "auth_failure", "clock", "gap", "recovery");

  /// A record as read from the log.
  ///
  /// @throws FormatException if it is not one, or claims another place than it has
  public static Item of(long index, byte[] leaf) throws FormatException {
    Leaf parsed = Leaf.parse(leaf);
    if (parsed.index() != index) {
      throw new FormatException(
          "record "
              + index
              + ": says it is record "
              + parsed.index()
              + " (expected: "
              + index
              + ")");
    }
    return new Item(
        Long.toString(index),
        index,
        parsed.kind(),
        time(parsed),
        parsed.text("call").orElse(null),
        parsed.text("ev").orElse(null),
        parsed.text("tp").orElse(null),
        leaf);
  }

  static Item gap(String origin, long from, long to, String why) {
    String json =
        "{\"from\":%d,\"k\":\"gap\",\"origin\":%s,\"to\":%d,\"why\":%s}"
            .formatted(from, Json.string(origin), to, Json.string(why));
    return new Item(
        "gap-" + from + "-" + to,
        from,
        GAP,
        null,
        null,
        null,
        null,
        json.getBytes(StandardCharsets.UTF_8));
  }

  /// When it was recorded.
  public Optional<Instant> at() {
    return Optional.ofNullable(time);
  }

  /// How loud it is.
  public Severity severity() {
    return switch (kind) {
      case GAP -> Severity.ERROR;
      case "refusal" -> Severity.WARNING;
      case "event" -> LOUD.contains(String.valueOf(event)) ? Severity.WARNING : Severity.INFO;
      default -> Severity.INFO;
    };
  }

  private static @Nullable Instant time(Leaf leaf) {
    try {
      return leaf.text("t").map(Instant::parse).orElse(null);
    } catch (DateTimeException e) {
      return null; // a time is an extra for receivers; the line itself goes out as it is
    }
  }
}
