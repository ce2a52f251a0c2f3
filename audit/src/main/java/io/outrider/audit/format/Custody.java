package io.outrider.audit.format;

import io.outrider.audit.record.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// What follows from all custody events of a log: which records are held, which values were erased,
/// where the log begins. Not thread-safe.
public final class Custody {
  private final List<CustodyEvent> events = new ArrayList<>();
  private final Map<Long, Hold> holds = new TreeMap<>();
  private long minimum;

  /// A hold that is in force.
  ///
  /// @param id the record that placed it
  /// @param first first record held
  /// @param last last record held; may be in the future
  public record Hold(long id, long first, long last, CustodyEvent event) {

    boolean covers(long index) {
      return first <= index && index <= last;
    }
  }

  /// What follows from `events`, given in their order.
  public static Custody of(List<CustodyEvent> events) {
    Custody custody = new Custody();
    events.forEach(custody::add);
    return custody;
  }

  /// Adds the next event.
  public void add(CustodyEvent event) {
    events.add(event);
    if (!event.wasDone()) {
      return;
    }
    switch (event.kind()) {
      case HOLD ->
          holds.put(
              event.index(),
              new Hold(
                  event.index(),
                  event.number(CustodyEvent.FIRST).orElse(0),
                  event.number(CustodyEvent.LAST).orElse(Long.MAX_VALUE),
                  event));
      case RELEASE -> event.number(CustodyEvent.HOLD).ifPresent(holds::remove);
      case PRUNE -> minimum = Math.max(minimum, event.number(CustodyEvent.MINIMUM).orElse(minimum));
      default -> {}
    }
  }

  public List<CustodyEvent> events() {
    return List.copyOf(events);
  }

  /// The holds in force.
  public List<Hold> holds() {
    return List.copyOf(holds.values());
  }

  /// A hold in force that covers a record.
  public Optional<Hold> holdOn(long index) {
    return holds.values().stream().filter(hold -> hold.covers(index)).findFirst();
  }

  /// A hold in force that forbids to drop all records before `minimum`.
  public Optional<Hold> holdBefore(long minimum) {
    return holds.values().stream().filter(hold -> hold.first() < minimum).findFirst();
  }

  /// Records before this one were dropped; a multiple of 256.
  public long minimum() {
    return minimum;
  }

  /// The events that erased values of a record.
  public List<CustodyEvent> erasures(long index) {
    return events.stream()
        .filter(e -> e.kind() == Event.Kind.REDACT && e.wasDone())
        .filter(e -> e.number(CustodyEvent.RECORD).equals(OptionalLong.of(index)))
        .toList();
  }

  /// Why the writer may not do what a note asks; empty if it may.
  ///
  /// @param next index the next record will have
  /// @param pruneable records before this one are in full bundles under a checkpoint
  public Optional<String> refusal(Event event, long next, long pruneable) {
    Optional<String> excess = CustodyEvent.excess(event.fields());
    if (excess.isPresent()) {
      return excess;
    }
    CustodyEvent asked = new CustodyEvent(next, event.kind(), event.fields());
    return switch (event.kind()) {
      case HOLD -> hold(asked, next);
      case RELEASE -> release(asked);
      case REDACT -> redact(asked, next);
      case PRUNE -> prune(asked, pruneable);
      default -> Optional.empty();
    };
  }

  private static Optional<String> hold(CustodyEvent asked, long next) {
    long first = asked.number(CustodyEvent.FIRST).orElse(-1);
    long last =
        asked.facts().containsKey(CustodyEvent.LAST)
            ? asked.number(CustodyEvent.LAST).orElse(-1)
            : Long.MAX_VALUE;
    return first >= 0 && first <= last && first < next
        ? Optional.empty()
        : Optional.of(
            "from "
                + asked.facts().get(CustodyEvent.FIRST)
                + " to "
                + asked.facts().get(CustodyEvent.LAST)
                + " (expected: a range that begins before record "
                + next
                + ")");
  }

  private Optional<String> release(CustodyEvent asked) {
    OptionalLong id = asked.number(CustodyEvent.HOLD);
    return id.isPresent() && holds.containsKey(id.getAsLong())
        ? Optional.empty()
        : Optional.of(
            "hold "
                + asked.facts().get(CustodyEvent.HOLD)
                + " (expected: one in force: "
                + holds.keySet()
                + ")");
  }

  private Optional<String> redact(CustodyEvent asked, long next) {
    OptionalLong record = asked.number(CustodyEvent.RECORD);
    if (record.isEmpty() || record.getAsLong() >= next || record.getAsLong() < minimum) {
      return Optional.of(
          "record "
              + asked.facts().get(CustodyEvent.RECORD)
              + " (expected: "
              + minimum
              + " to "
              + (next - 1)
              + ")");
    }
    return holdOn(record.getAsLong())
        .map(hold -> "record " + record.getAsLong() + " is under legal hold " + hold.id());
  }

  private Optional<String> prune(CustodyEvent asked, long pruneable) {
    OptionalLong to = asked.number(CustodyEvent.MINIMUM);
    if (to.isEmpty() || to.getAsLong() > pruneable || to.getAsLong() % TilePath.WIDTH != 0) {
      return Optional.of(
          "minimum "
              + asked.facts().get(CustodyEvent.MINIMUM)
              + " (expected: a multiple of "
              + TilePath.WIDTH
              + " up to "
              + pruneable
              + ")");
    }
    return holdBefore(to.getAsLong())
        .map(hold -> "record " + hold.first() + " is under legal hold " + hold.id());
  }
}
