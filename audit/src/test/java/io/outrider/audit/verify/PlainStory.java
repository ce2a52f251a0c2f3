package io.outrider.audit.verify;

import io.outrider.audit.format.Leaf;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// What [Completeness] follows, in maps.
final class PlainStory {
  private static final Set<String> KINDS = Set.of("intent", "outcome", "refusal", "event");
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

  private String lastBoot = "\n";
  private boolean counting = true;
  private long seenFrom;

  private record OpenCall(long index, String boot) {}

  PlainStory(Problems problems) {
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
    lastBoot = "\n";
    boot = "";
  }

  void follow(Leaf leaf, long index) {
    if (!boot(leaf).equals(boot)) {
      beginRun(leaf, index);
    } else if (leaf.number("m").orElse(-1) < lastMonotonic) {
      problems.add(
          Verdict.TAMPERED, index, "its monotonic time lies before that of the record before");
    }
    if (boot(leaf).equals(lastBoot) && stopped) {
      problems.add(
          Verdict.INCOMPLETE, index, "stands behind the stop of its run (expected: its last)");
    }
    lastBoot = boot;
    lastMonotonic = leaf.number("m").orElse(-1);
    switch (leaf.kind()) {
      case "intent" -> intent(leaf, index);
      case "outcome" -> outcome(leaf, index);
      case "event" -> event(leaf, index);
      case "refusal" -> {}
      default ->
          problems.add(
              Verdict.TAMPERED, index, "unknown kind \"" + SafeText.of(leaf.kind(), 100) + "\"");
    }
    counts.merge(KINDS.contains(leaf.kind()) ? leaf.kind() : "other", 1L, Long::sum);
    sinceStart.merge(leaf.kind(), 1L, Long::sum);
    if (isEvent(leaf, "start")) {
      // Counters speak of what follows the start.
      sinceStart = new HashMap<>();
    }
  }

  private void beginRun(Leaf leaf, long index) {
    if (index == 0) {
      if (!isEvent(leaf, "genesis")) {
        problems.add(Verdict.TAMPERED, 0, "the log does not begin with its genesis record");
      }
    } else if (!stopped && !isEvent(leaf, "recovery")) {
      problems.add(
          Verdict.INCOMPLETE,
          index,
          "a new run begins, but the last neither stopped nor was recovered from");
    }
    boot = boot(leaf);
    // In the middle of a run nothing is said of its beginning.
    started = !counting;
    stopped = false;
    sinceStart = new HashMap<>();
  }

  private void intent(Leaf leaf, long index) {
    if (!started) {
      problems.add(Verdict.INCOMPLETE, index, "a call before the run recorded its start");
    }
    calls++;
    String callId = leaf.text("call").orElse("");
    OpenCall before = open.put(callId, new OpenCall(index, boot(leaf)));
    if (before != null) {
      unanswered(callId, before);
    }
  }

  private void outcome(Leaf leaf, long index) {
    String callId = leaf.text("call").orElse("");
    OpenCall call = open.remove(callId);
    if (call == null && leaf.number("intent").orElse(-1) < seenFrom && seenFrom > 0) {
      return; // let through among the records that are not there
    }
    if (call == null) {
      unpaired++;
      problems.add(
          Verdict.INCOMPLETE, index, "an outcome for call " + callId + ", which is not open");
    } else if (leaf.number("intent").isPresent()
        && leaf.number("intent").getAsLong() != call.index()) {
      problems.add(
          Verdict.INCOMPLETE,
          index,
          "says its intent is "
              + leaf.number("intent").getAsLong()
              + " (expected: "
              + call.index()
              + ")");
    }
    if (call != null) {
      if (INDETERMINATE.equals(leaf.text("out").orElse(""))) {
        indeterminate++;
      } else {
        answered++;
      }
    }
  }

  private void event(Leaf leaf, long index) {
    String slug = leaf.text("ev").orElse("");
    switch (slug) {
      case "start" -> {
        started = true;
        counting = true;
        open.entrySet()
            .removeIf(call -> {
              boolean old = !call.getValue().boot().equals(boot(leaf));
              if (old) {
                unanswered(call.getKey(), call.getValue());
              }
              return old;
            });
      }
      case "stop" -> {
        stopped = true;
        counters(leaf, index);
      }
      case "heartbeat" -> counters(leaf, index);
      default -> {}
    }
  }

  private void counters(Leaf leaf, long index) {
    if (!counting) {
      return;
    }
    COUNTERS.forEach((kind, name) -> {
      String told =
          leaf.fields().get("f") instanceof Map<?, ?> facts ? String.valueOf(facts.get(name)) : "";
      String counted = Long.toString(sinceStart.getOrDefault(kind, 0L));
      if (!counted.equals(told)) {
        problems.add(
            Verdict.INCOMPLETE,
            index,
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

  private static String boot(Leaf leaf) {
    return leaf.text("boot").orElse("");
  }

  private static boolean isEvent(Leaf leaf, String slug) {
    return leaf.text("ev").orElse("").equals(slug);
  }

  Map<String, Long> counts() {
    return counts;
  }
}
