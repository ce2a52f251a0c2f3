package io.outrider.audit.verify;

import io.outrider.audit.format.Custody;
import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.TilePath;
import java.util.Optional;

/// What people did to the log, followed record by record: whether what is missing was allowed to
/// go, and whether nothing under a legal hold was touched.
final class CustodyCheck {
  private final Problems problems;
  private final Custody custody = new Custody();
  private long missingBundles;
  private long lastMissing = -1;
  private long firstMissing = -1;

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

  void follow(LeafScan leaf) {
    if (leaf.event() == null) {
      return;
    }
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
    custody.add(event);
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
  void end(long signed) {
    long allowedBefore = allowedBefore(signed);
    if (lastMissing >= 0 && (lastMissing + 1) * TilePath.WIDTH > allowedBefore) {
      long first = Math.max(firstMissing, allowedBefore / TilePath.WIDTH);
      problems.add(
          Verdict.TAMPERED,
          first * TilePath.WIDTH,
          TilePath.entries(first, TilePath.WIDTH)
              + ": missing, and no prune record allows that"
              + (allowedBefore > 0 ? " (allowed: before record " + allowedBefore + ")" : ""));
    }
  }

  /// Records that were dropped as a prune record allows.
  long pruned() {
    return missingBundles * TilePath.WIDTH;
  }

  Custody custody() {
    return custody;
  }
}
