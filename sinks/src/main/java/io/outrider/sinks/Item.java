package io.outrider.sinks;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One thing to send: a record, or the marker of a gap. What a line says is read when it is asked
/// for, so that sinks that only hand lines on do not pay for it. Not thread-safe.
public final class Item {
  /// The kind of the marker that stands for records that are gone.
  public static final String GAP = "gap";

  /// Events that are more than business as usual.
  private static final Set<String> LOUD =
      Set.of("alarm", "auth_failure", "clock", "gap", "recovery");

  private final String id;
  private final long index;
  private final byte[] json;
  private @Nullable Facts facts;

  private record Facts(
      String kind,
      @Nullable Instant time,
      @Nullable String call,
      @Nullable String event,
      @Nullable String trace) {}

  private Item(String id, long index, byte[] json, @Nullable Facts facts) {
    this.id = id;
    this.index = index;
    this.json = json;
    this.facts = facts;
  }

  /// A record as read from the log.
  public static Item of(long index, byte[] leaf) {
    return new Item(Long.toString(index), index, leaf, null);
  }

  static Item gap(String origin, long from, long to, String why) {
    String json =
        "{\"from\":%d,\"k\":\"gap\",\"origin\":%s,\"to\":%d,\"why\":%s}"
            .formatted(from, Json.string(origin), to, Json.string(why));
    return new Item(
        "gap-" + from + "-" + to,
        from,
        json.getBytes(StandardCharsets.UTF_8),
        new Facts(GAP, null, null, null, null));
  }

  /// What tells it from all others of its log: the index, or the range that is gone.
  public String id() {
    return id;
  }

  /// Of the record, or of the first that is gone.
  public long index() {
    return index;
  }

  /// The line: the leaf exactly as the tree hashes it. Not to be changed.
  public byte[] json() {
    return json;
  }

  /// `intent`, `outcome`, `refusal`, `event` or `gap`.
  public String kind() {
    return facts().kind();
  }

  /// When it was recorded; a gap has no time.
  public Optional<Instant> time() {
    return Optional.ofNullable(facts().time());
  }

  /// Id of the call it is about.
  public Optional<String> call() {
    return Optional.ofNullable(facts().call());
  }

  /// What happened, for kind `event`.
  public Optional<String> event() {
    return Optional.ofNullable(facts().event());
  }

  /// W3C trace context of the call.
  public Optional<String> trace() {
    return Optional.ofNullable(facts().trace());
  }

  /// How loud it is.
  public Severity severity() {
    return switch (kind()) {
      case GAP -> Severity.ERROR;
      case "refusal" -> Severity.WARNING;
      case "event" -> event().filter(LOUD::contains).isPresent() ? Severity.WARNING : Severity.INFO;
      default -> Severity.INFO;
    };
  }

  private Facts facts() {
    Facts known = facts;
    if (known == null) {
      known = parse();
      facts = known;
    }
    return known;
  }

  private Facts parse() {
    try {
      Leaf leaf = Leaf.parse(json);
      if (leaf.index() != index) {
        throw new FormatException("says it is record " + leaf.index());
      }
      return new Facts(
          leaf.kind(),
          time(leaf),
          leaf.text("call").orElse(null),
          leaf.text("ev").orElse(null),
          leaf.text("tp").orElse(null));
    } catch (FormatException e) {
      throw new IllegalStateException(
          "the log cannot be read: record " + index + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable Instant time(Leaf leaf) {
    try {
      return leaf.text("t").map(Instant::parse).orElse(null);
    } catch (DateTimeException e) {
      return null; // a time is an extra for receivers; the line itself goes out as it is
    }
  }
}
