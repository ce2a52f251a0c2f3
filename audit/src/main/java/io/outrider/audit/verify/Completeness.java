package io.outrider.audit.verify;

import java.util.Map;
import java.util.TreeMap;

/// Follows the story the records tell, one after the other: whether each let-through call has one
/// outcome, whether runs begin and end as they should, and whether the counters add up. Holds only
/// the calls that are open. Not thread-safe.
final class Completeness {
  private static final String[] KINDS = {"intent", "outcome", "refusal", "event", "other"};
  private static final String[] COUNTERS = {"intents", "outcomes", "refusals", "events"};

  private final Problems problems;
  private final OpenCalls open;
  private final long[] counts = new long[KINDS.length];
  private final long[] sinceStart = new long[KINDS.length];
  private String boot = "";

  /// Number of the run that `boot` names.
  private int run;

  /// Whether calls of an earlier run may be open.
  private boolean inherited;

  private boolean started;
  private boolean stopped = true;
  private long lastMonotonic;
  private long calls;
  private long answered;
  private long indeterminate;
  private long unpaired;

  private boolean counting = true;
  private long seenFrom;

  /// The first call that was not followed since too many were open; none if it is the largest
  /// number.
  private long lostFrom = Long.MAX_VALUE;

  Completeness(Problems problems) {
    this(problems, OpenCalls.MAX);
  }

  /// @param maxOpen calls followed at once
  Completeness(Problems problems, int maxOpen) {
    this.problems = problems;
    this.open = new OpenCalls(maxOpen);
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
    run++;
  }

  /// The record in a slot of `leaves`, which stands at `index` in the log.
  void follow(LeafFacts leaves, int slot, long index) {
    if (!leaves.boot(slot).equals(boot)) {
      beginRun(leaves, slot, index);
    } else {
      if (leaves.monotonic(slot) < lastMonotonic) {
        problems.add(
            Verdict.TAMPERED, index, "its monotonic time lies before that of the record before");
      }
      if (stopped) {
        problems.add(
            Verdict.INCOMPLETE, index, "stands behind the stop of its run (expected: its last)");
      }
    }
    lastMonotonic = leaves.monotonic(slot);
    byte kind = leaves.kind(slot);
    LeafScan parsed = leaves.parsed(slot);
    switch (kind) {
      case LeafScanner.INTENT -> intent(leaves, slot, index);
      case LeafScanner.OUTCOME -> outcome(leaves, slot, index);
      default -> {
        if (parsed != null && kind == LeafScanner.EVENT) {
          event(parsed, index);
        } else if (parsed != null) {
          problems.add(
              Verdict.TAMPERED,
              index,
              "unknown kind \"" + SafeText.of(parsed.leaf().kind(), 100) + "\"");
        }
      }
    }
    counts[kind]++;
    sinceStart[kind]++;
    if (parsed != null && parsed.isEvent("start")) {
      // Counters speak of what follows the start.
      clearCounters();
    }
  }

  private void clearCounters() {
    for (int kind = 0; kind < KINDS.length; kind++) {
      sinceStart[kind] = 0;
    }
  }

  private void beginRun(LeafFacts leaves, int slot, long index) {
    LeafScan parsed = leaves.parsed(slot);
    if (index == 0) {
      if (parsed == null || !parsed.isEvent("genesis")) {
        problems.add(Verdict.TAMPERED, 0, "the log does not begin with its genesis record");
      }
    } else if (!stopped && (parsed == null || !parsed.isEvent("recovery"))) {
      problems.add(
          Verdict.INCOMPLETE,
          index,
          "a new run begins, but the last neither stopped nor was recovered from");
    }
    boot = leaves.boot(slot);
    run++;
    inherited = open.size() > 0;
    // In the middle of a run nothing is said of its beginning.
    started = !counting;
    stopped = false;
    clearCounters();
  }

  private void intent(LeafFacts leaves, int slot, long index) {
    if (!started) {
      problems.add(Verdict.INCOMPLETE, index, "a call before the run recorded its start");
    }
    calls++;
    int from = leaves.callStart(slot);
    int length = leaves.callLength(slot);
    int before = open.find(leaves.callHash(slot), leaves.calls(), from, length);
    if (before >= 0) {
      unanswered(open.id(before), open.index(before));
      open.set(before, index, run);
    } else if (!open.isFull()) {
      open.add(leaves.callHash(slot), leaves.calls(), from, length, index, run);
    } else if (lostFrom == Long.MAX_VALUE) {
      lostFrom = index;
      problems.add(
          Verdict.INCOMPLETE,
          index,
          open.size()
              + " calls have no outcome yet (expected: fewer at once); what becomes of this one and"
              + " of further ones is not followed");
    }
  }

  private void outcome(LeafFacts leaves, int slot, long index) {
    long intent = leaves.intent(slot);
    int call =
        open.find(
            leaves.callHash(slot), leaves.calls(), leaves.callStart(slot), leaves.callLength(slot));
    if (call < 0 && (intent < seenFrom && seenFrom > 0 || lostFrom < index)) {
      return; // let through among the records that are not there, or not followed
    }
    if (call < 0) {
      unpaired++;
      problems.add(
          Verdict.INCOMPLETE,
          index,
          "an outcome for call " + SafeText.of(leaves.call(slot), 100) + ", which is not open");
      return;
    }
    if (intent >= 0 && intent != open.index(call)) {
      problems.add(
          Verdict.INCOMPLETE,
          index,
          "says its intent is " + intent + " (expected: " + open.index(call) + ")");
    }
    open.remove(call);
    if (leaves.isIndeterminate(slot)) {
      indeterminate++;
    } else {
      answered++;
    }
  }

  private void event(LeafScan leaf, long index) {
    switch (leaf.event()) {
      case "start" -> {
        started = true;
        counting = true;
        if (inherited) {
          open.removeOthers(run, this::unanswered);
          inherited = false;
        }
      }
      case "stop" -> {
        stopped = true;
        counters(leaf, index);
      }
      case "heartbeat" -> counters(leaf, index);
      default -> {}
    }
  }

  private void counters(LeafScan leaf, long index) {
    if (!counting) {
      return;
    }
    for (int kind = 0; kind < COUNTERS.length; kind++) {
      String told = leaf.fact(COUNTERS[kind]);
      String counted = Long.toString(sinceStart[kind]);
      if (!counted.equals(told)) {
        problems.add(
            Verdict.INCOMPLETE,
            index,
            "counts "
                + SafeText.of(told, 100)
                + " "
                + COUNTERS[kind]
                + " of its run (expected: "
                + counted
                + ")");
      }
    }
  }

  private void unanswered(String call, long index) {
    unpaired++;
    problems.add(
        Verdict.INCOMPLETE,
        index,
        "call " + SafeText.of(call, 100) + " was let through and has no outcome");
  }

  /// The log ends here. Calls that are still open are in flight, unless the log was closed.
  Verification.Pairs end() {
    if (stopped) {
      open.forEach(this::unanswered);
    }
    return new Verification.Pairs(calls, answered, indeterminate, open.size(), unpaired);
  }

  Map<String, Long> counts() {
    Map<String, Long> named = new TreeMap<>();
    for (int kind = 0; kind < KINDS.length; kind++) {
      if (counts[kind] > 0) {
        named.put(KINDS[kind], counts[kind]);
      }
    }
    return named;
  }
}
