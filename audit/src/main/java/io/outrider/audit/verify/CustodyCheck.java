package io.outrider.audit.verify;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.record.Event;
import java.util.BitSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What people did to the log, followed record by record: whether what is missing was allowed to
/// go, and whether nothing under a legal hold was touched.
final class CustodyCheck {
  /// Holds and prunings that are followed; a log with more is not one of ours, and must not take
  /// the memory of who checks it.
  private static final int MAX_EVENTS = 100_000;

  private final Problems problems;

  /// For each bundle the records with an erased value that no record accounts for yet.
  private final Map<Long, BitSet> erased = new TreeMap<>();

  /// For each bundle the records whose values a record says were erased.
  private final Map<Long, BitSet> accounted = new TreeMap<>();

  private int followed;
  private final Custody custody = new Custody();
  private long missingBundles;
  private long lastMissing = -1;
  private long firstMissing = -1;
  private boolean unallowed;

  CustodyCheck(Problems problems) {
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
      heldAgainst(event)
          .ifPresent(hold ->
              problems.add(
                  Verdict.INCOMPLETE,
                  event.index(),
                  "says that records under legal hold "
                      + hold.id()
                      + " were touched (expected: the hold to be respected)"));
    }
    if (event.kind() == Event.Kind.REDACT) {
      if (event.wasDone()) {
        event.number(CustodyEvent.RECORD).ifPresent(this::accountedFor);
      }
    } else if (followed++ < MAX_EVENTS) {
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
  void end(long signed, boolean all) {
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
