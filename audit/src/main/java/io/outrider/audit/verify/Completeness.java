package io.outrider.audit.verify;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// Follows the story the records tell, one after the other: whether each let-through call has one
/// outcome, whether runs begin and end as they should, and whether the counters add up. Holds only
/// the calls that are open. Not thread-safe.
final class Completeness {
  private static final Map<String, String> COUNTERS =
      Map.of("intent", "intents", "outcome", "outcomes", "refusal", "refusals", "event", "events");

  private static final String INDETERMINATE = "indeterminate";

  private final Problems problems;
  private final Map<String, OpenCall> open = new LinkedHashMap<>();
  private final Map<String, Long> counts = new HashMap<>();
  private Map<String, Long> sinceStart = new HashMap<>();
  private String boot = "";
  private boolean started;
  private boolean stopped = true;
  private long lastMonotonic;
  private long calls;
  private long answered;
  private long indeterminate;
  private long unpaired;

  private boolean counting = true;
  private long seenFrom;

  private record OpenCall(long index, String boot) {}

  Completeness(Problems problems) {
    this.problems = problems;
  }

  /// Records up to here are not there to be read. What began among them may end later, and the
  /// counters of the run they belong to cannot be checked.
  ///
  /// @param next the next record that may be there
  void gap(long next) {
    seenFrom = next;
    open.clear();
    counting = false;
    stopped = true;
    boot = "";
  }

  void follow(LeafScan leaf) {
    if (!leaf.boot().equals(boot)) {
      beginRun(leaf);
    } else if (leaf.monotonic() < lastMonotonic) {
      problems.add(
          Verdict.INCOMPLETE,
          leaf.index(),
          "its monotonic time lies before that of the record before");
    }
    lastMonotonic = leaf.monotonic();
    switch (leaf.kind()) {
      case "intent" -> intent(leaf);
      case "outcome" -> outcome(leaf);
      case "event" -> event(leaf);
      case "refusal" -> {}
      default ->
          problems.add(Verdict.INCOMPLETE, leaf.index(), "unknown kind \"" + leaf.kind() + "\"");
    }
    counts.merge(leaf.kind(), 1L, Long::sum);
    sinceStart.merge(leaf.kind(), 1L, Long::sum);
    if (leaf.isEvent("start")) {
      // Counters speak of what follows the start.
      sinceStart = new HashMap<>();
    }
  }

  private void beginRun(LeafScan leaf) {
    if (leaf.index() == 0) {
      if (!leaf.isEvent("genesis")) {
        problems.add(Verdict.INCOMPLETE, 0, "the log does not begin with its genesis record");
      }
    } else if (!stopped && !leaf.isEvent("recovery")) {
      problems.add(
          Verdict.INCOMPLETE,
          leaf.index(),
          "a new run begins, but the last neither stopped nor was recovered from");
    }
    boot = leaf.boot();
    // In the middle of a run nothing is said of its beginning.
    started = !counting;
    stopped = false;
    sinceStart = new HashMap<>();
  }

  private void intent(LeafScan leaf) {
    if (!started) {
      problems.add(Verdict.INCOMPLETE, leaf.index(), "a call before the run recorded its start");
    }
    calls++;
    String callId = leaf.call().orElse("");
    OpenCall before = open.put(callId, new OpenCall(leaf.index(), leaf.boot()));
    if (before != null) {
      unanswered(callId, before);
    }
  }

  private void outcome(LeafScan leaf) {
    String callId = leaf.call().orElse("");
    OpenCall call = open.remove(callId);
    if (call == null && leaf.intent().orElse(-1) < seenFrom && seenFrom > 0) {
      return; // let through among the records that are not there
    }
    if (call == null) {
      unpaired++;
      problems.add(
          Verdict.INCOMPLETE,
          leaf.index(),
          "an outcome for call " + callId + ", which is not open");
    } else if (leaf.intent().isPresent() && leaf.intent().getAsLong() != call.index()) {
      problems.add(
          Verdict.INCOMPLETE,
          leaf.index(),
          "says its intent is " + leaf.intent().getAsLong() + " (expected: " + call.index() + ")");
    }
    if (call != null) {
      if (INDETERMINATE.equals(leaf.out())) {
        indeterminate++;
      } else {
        answered++;
      }
    }
  }

  private void event(LeafScan leaf) {
    String slug = leaf.event() == null ? "" : leaf.event();
    switch (slug) {
      case "start" -> {
        started = true;
        counting = true;
        open.entrySet()
            .removeIf(call -> {
              boolean old = !call.getValue().boot().equals(leaf.boot());
              if (old) {
                unanswered(call.getKey(), call.getValue());
              }
              return old;
            });
      }
      case "stop" -> {
        stopped = true;
        counters(leaf);
      }
      case "heartbeat" -> counters(leaf);
      default -> {}
    }
  }

  private void counters(LeafScan leaf) {
    if (!counting) {
      return;
    }
    COUNTERS.forEach((kind, name) -> {
      String told =
          leaf.leaf().fields().get("f") instanceof Map<?, ?> facts
              ? String.valueOf(facts.get(name))
              : "";
      String counted = Long.toString(sinceStart.getOrDefault(kind, 0L));
      if (!counted.equals(told)) {
        problems.add(
            Verdict.INCOMPLETE,
            leaf.index(),
            "counts " + told + " " + name + " of its run (expected: " + counted + ")");
      }
    });
  }

  private void unanswered(String callId, OpenCall call) {
    unpaired++;
    problems.add(
        Verdict.INCOMPLETE, call.index(), "call " + callId + " was let through and has no outcome");
  }

  /// The log ends here. Calls that are still open are in flight, unless the log was closed.
  Verification.Pairs end() {
    if (stopped) {
      open.forEach(this::unanswered);
    }
    return new Verification.Pairs(calls, answered, indeterminate, open.size(), unpaired);
  }

  Map<String, Long> counts() {
    return counts;
  }
}
