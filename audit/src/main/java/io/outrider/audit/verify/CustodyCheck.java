package io.outrider.audit.verify;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.record.Event;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/// What people did to the log, followed record by record: whether what is missing was allowed to
/// go, and whether nothing under a legal hold was touched.
final class CustodyCheck {
  /// Holds and prunings that are followed; a log with more is not one of ours, and must not take
  /// the memory of who checks it.
  private static final int MAX_EVENTS = 100_000;

  private final LogSource source;
  private final Problems problems;

  /// For each bundle the records with an erased value that no record accounts for yet.
  private final Map<Long, BitSet> erased = new TreeMap<>();

  /// For each bundle the records whose values a record says were erased.
  private final Map<Long, BitSet> accounted = new TreeMap<>();

  /// Records of which a value was taken, by what was said of that; the empty field is all of them.
  private final Map<Long, List<CustodyEvent>> taken = new TreeMap<>();

  /// The prunings that were done.
  private final List<CustodyEvent> prunings = new ArrayList<>();

  private int followed;
  private int redactions;
  private final Custody custody = new Custody();
  private long missingBundles;
  private long lastMissing = -1;
  private long firstMissing = -1;
  private boolean unallowed;

  CustodyCheck(LogSource source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /// A full bundle is not there.
  void missing(long bundle) {
    if (firstMissing < 0) {
      firstMissing = bundle;
    }
    lastMissing = bundle;
    missingBundles++;
  }

  /// A value of a record was erased. The record that accounts for it may stand before or after.
  void erased(long record) {
    BitSet said = accounted.get(record / TilePath.WIDTH);
    if (said == null || !said.get(slot(record))) {
      slots(erased, record).set(slot(record));
    }
  }

  private void accountedFor(long record) {
    // Beyond that, what is found erased later is taken for unaccounted: an error to the safe side.
    if (accounted.size() < MAX_EVENTS) {
      slots(accounted, record).set(slot(record));
    }
    BitSet before = erased.get(record / TilePath.WIDTH);
    if (before != null) {
      before.clear(slot(record));
    }
  }

  private static BitSet slots(Map<Long, BitSet> byBundle, long record) {
    return byBundle.computeIfAbsent(record / TilePath.WIDTH, bundle -> new BitSet());
  }

  private static int slot(long record) {
    return (int) (record % TilePath.WIDTH);
  }

  void follow(LeafScan leaf) {
    Optional<CustodyEvent> found = CustodyEvent.of(leaf.leaf());
    if (found.isEmpty()) {
      return;
    }
    CustodyEvent event = found.get();
    if (event.wasDone()) {
      numbers(event);
    }
    if (event.wasDone()) {
      heldAgainst(event)
          .ifPresent(hold ->
              problems.add(
                  Verdict.TAMPERED,
                  event.index(),
                  "says that records under legal hold "
                      + hold.id()
                      + " were touched (expected: the hold to be respected)"));
    }
    if (event.kind() == Event.Kind.REDACT) {
      if (event.wasDone()) {
        event.number(CustodyEvent.RECORD).ifPresent(record -> took(event, record));
      }
    } else if (followed++ < MAX_EVENTS) {
      releases(event);
      if (event.kind() == Event.Kind.PRUNE && event.wasDone()) {
        prunings.add(event);
      }
      custody.add(event);
    } else if (followed == MAX_EVENTS + 1) {
      problems.add(
          Verdict.INCOMPLETE,
          event.index(),
          "more than "
              + MAX_EVENTS
              + " holds and prunings stand before this one (expected: fewer); it and further ones"
              + " are not followed");
    }
  }

  /// What was done must say to which records.
  private void numbers(CustodyEvent event) {
    String fact =
        switch (event.kind()) {
          case HOLD -> CustodyEvent.FIRST;
          case RELEASE -> CustodyEvent.HOLD;
          case REDACT -> CustodyEvent.RECORD;
          default -> CustodyEvent.MINIMUM;
        };
    if (event.number(fact).isEmpty()) {
      problems.add(
          Verdict.TAMPERED,
          event.index(),
          "its fact "
              + fact
              + " is "
              + SafeText.of(String.valueOf(event.facts().get(fact)), 60)
              + " (expected: the number of a record)");
    }
  }

  private void took(CustodyEvent event, long record) {
    accountedFor(record);
    if (redactions++ < MAX_EVENTS) {
      taken.computeIfAbsent(record, r -> new ArrayList<>(1)).add(event);
    }
  }

  private void releases(CustodyEvent event) {
    if (event.kind() != Event.Kind.RELEASE || !event.wasDone()) {
      return;
    }
    OptionalLong hold = event.number(CustodyEvent.HOLD);
    if (hold.isPresent() && custody.holds().stream().noneMatch(h -> h.id() == hold.getAsLong())) {
      problems.add(
          Verdict.TAMPERED,
          event.index(),
          "releases hold "
              + SafeText.of(event.facts().getOrDefault(CustodyEvent.HOLD, ""), 60)
              + ", which is not in force (expected: one that is)");
    }
  }

  /// Says which values are still there though a record says that they were taken: a folder that was
  /// put back from a backup brings them back.
  private void leftovers() throws IOException {
    // In this order: a note goes when the value has gone.
    Set<String> underWay = Set.copyOf(source.list("inbox"));
    KeptValues.fields(source, taken.keySet())
        .forEach((record, kept) ->
            taken.getOrDefault(record, List.of()).stream()
                .filter(event -> !isUnderWay(underWay, event) && isAmong(kept, event))
                .forEach(event ->
                    problems.add(
                        Verdict.TAMPERED,
                        record,
                        "a value kept for it is still there, though record "
                            + event.index()
                            + " says that it was erased")));
    if (redactions > MAX_EVENTS) {
      problems.add(
          Verdict.INCOMPLETE,
          -1,
          redactions
              + " erasures (expected: at most "
              + MAX_EVENTS
              + "); of the further ones it was not looked whether the values are gone");
    }
    long left = prunings.isEmpty() ? -1 : SealedFiles.first(source);
    for (CustodyEvent event : prunings) {
      if (left >= 0
          && (left + 1) * TilePath.WIDTH <= event.number(CustodyEvent.MINIMUM).orElse(0)
          && !isUnderWay(underWay, event)
          && source.read(TilePath.sealed(left), 0, 1).isPresent()) {
        problems.add(
            Verdict.TAMPERED,
            left * TilePath.WIDTH,
            TilePath.sealed(left)
                + ": values of records that were dropped are still there, though record "
                + event.index()
                + " says that they went, too");
        return;
      }
    }
  }

  private static boolean isAmong(Set<String> kept, CustodyEvent event) {
    String field = event.facts().get(CustodyEvent.FIELD);
    return field == null ? !kept.isEmpty() : kept.contains(field);
  }

  /// Whether the note that asked for it still waits for the writer: then the rest will be done.
  private static boolean isUnderWay(Set<String> inbox, CustodyEvent event) {
    String note = event.facts().get(InboxNote.NOTE);
    return note != null && inbox.contains(note + ".note");
  }

  private Optional<Custody.Hold> heldAgainst(CustodyEvent event) {
    return switch (event.kind()) {
      case REDACT ->
          event.number(CustodyEvent.RECORD).stream().boxed().findFirst().flatMap(custody::holdOn);
      case PRUNE ->
          event.number(CustodyEvent.MINIMUM).stream()
              .boxed()
              .findFirst()
              .flatMap(custody::holdBefore);
      default -> Optional.empty();
    };
  }

  /// Whether bundles were missing that no record before `signed` allows to be.
  boolean isOpen(long signed) {
    return (lastMissing + 1) * TilePath.WIDTH > allowedBefore(signed);
  }

  private long allowedBefore(long signed) {
    return Custody.of(custody.events().stream().filter(e -> e.index() < signed).toList()).minimum();
  }

  /// Judges what was missing, now that all records are known.
  ///
  /// @param signed records under a checkpoint
  /// @param all whether those that no checkpoint covers yet were all seen, too
  void end(long signed, boolean all) throws IOException {
    leftovers();
    if (all) {
      erased.forEach((bundle, slots) ->
          slots.stream()
              .forEach(slot ->
                  problems.add(
                      Verdict.INCOMPLETE,
                      bundle * TilePath.WIDTH + slot,
                      "a value kept for it was erased, and no redact record accounts for that")));
    }
    long allowedBefore = allowedBefore(signed);
    if (lastMissing >= 0 && (lastMissing + 1) * TilePath.WIDTH > allowedBefore) {
      unallowed = true;
      long first = Math.max(firstMissing, allowedBefore / TilePath.WIDTH);
      problems.add(
          Verdict.TAMPERED,
          first * TilePath.WIDTH,
          TilePath.entries(first, TilePath.WIDTH)
              + ": missing, and no prune record allows that"
              + (allowedBefore > 0 ? " (allowed: before record " + allowedBefore + ")" : ""));
    }
  }

  /// Records that were dropped as a prune record allows; none if others are missing besides, which
  /// is what there is to say then.
  long pruned() {
    return unallowed ? 0 : missingBundles * TilePath.WIDTH;
  }
}
