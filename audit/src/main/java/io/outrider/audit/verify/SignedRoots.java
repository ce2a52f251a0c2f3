package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the log signed about its tree at one size or another, and what must come out there when the
/// tree is computed again. Not thread-safe.
final class SignedRoots {
  /// Kept checkpoints whose signatures are checked unless all are asked for: some seconds' worth. A
  /// root that differs is always looked into, whoever signed it.
  private static final int SOME_SIGNATURES = 2_000;

  /// Notes that are remembered: the log's own, those of its anchors, those that were saved.
  static final int MAX_NOTES = 10_000;

  private final VerifierKey key;
  private final Problems problems;
  private final TreeMap<Long, Named> named = new TreeMap<>();

  /// SHA-256 of each note that was added.
  private final Set<ByteBuffer> notes = new HashSet<>();

  private final List<Kept> histories = new ArrayList<>();
  private long signaturesLeft;
  private long keptCount;
  private long keptChecked;

  /// The next size at which something was signed.
  private long awaited;

  /// A checkpoint and where it comes from.
  record Named(String name, Checkpoint checkpoint) {
    @Override
    public String toString() {
      return name
          + " (size "
          + checkpoint.size()
          + ", root "
          + Base64.getEncoder().encodeToString(checkpoint.root())
          + ")";
    }
  }

  /// A history, and the checkpoint of it that comes next.
  private static final class Kept {
    final CheckpointHistory history;
    @Nullable Named next;
    byte[] note = new byte[0];

    Kept(CheckpointHistory history) {
      this.history = history;
    }
  }

  SignedRoots(VerifierKey key, Problems problems, boolean everySignature) {
    this.key = key;
    this.problems = problems;
    this.signaturesLeft = everySignature ? Long.MAX_VALUE : SOME_SIGNATURES;
  }

  /// Opens a note; its root must come out.
  Optional<Checkpoint> add(String name, byte[] note) {
    if (notes.size() == MAX_NOTES) {
      problems.add(
          Verdict.UNREADABLE,
          -1,
          name + ": one of more than " + MAX_NOTES + " checkpoints (expected: at most that many)");
      return Optional.empty();
    }
    notes.add(ByteBuffer.wrap(Sha256.of(note)));
    try {
      Named added = new Named(name, opened(note));
      Named before = named.putIfAbsent(added.checkpoint().size(), added);
      if (before != null && !before.checkpoint().equals(added.checkpoint())) {
        problems.add(
            Verdict.TAMPERED,
            -1,
            before
                + " and "
                + added
                + ": two different trees of one size were signed; the two notes prove it");
      }
      return Optional.of(added.checkpoint());
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, name + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  /// The checkpoint in a note of this log; it is not remembered.
  Checkpoint opened(byte[] note) throws FormatException {
    Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, key).text());
    if (!checkpoint.origin().equals(key.name())) {
      throw new FormatException(
          "origin \"" + checkpoint.origin() + "\" (expected: \"" + key.name() + "\")");
    }
    return checkpoint;
  }

  /// Also holds the log to the checkpoints it kept.
  void follow(CheckpointHistory history) throws IOException {
    Kept kept = new Kept(history);
    advance(kept);
    histories.add(kept);
  }

  private void advance(Kept kept) throws IOException {
    kept.next = null;
    while (kept.next == null) {
      Optional<CheckpointHistory.Kept> next = kept.history.next();
      if (next.isEmpty()) {
        return;
      }
      String name = next.get().name();
      keptCount++;
      kept.note = next.get().note();
      try {
        if (signaturesLeft > 0) {
          signaturesLeft--;
          kept.next = new Named(name, opened(kept.note));
          keptChecked++;
        } else {
          kept.next = new Named(name, Checkpoint.parse(SignedNote.parse(kept.note).text()));
        }
      } catch (FormatException e) {
        problems.add(Verdict.TAMPERED, -1, name + ": " + e.getMessage());
      }
    }
  }

  /// Whether something was signed about the tree of this size; asked for each leaf.
  boolean awaits(long size) {
    return size >= awaited;
  }

  /// The next size at which something was signed.
  long awaited() {
    return awaited;
  }

  private void awaitNext(long size) {
    Long next = named.higherKey(size);
    awaited = next == null ? Long.MAX_VALUE : next;
    for (Kept kept : histories) {
      if (kept.next != null) {
        awaited = Math.min(awaited, kept.next.checkpoint().size());
      }
    }
  }

  /// The tree has now `size` leaves. Sizes must come in order, from 0; those that nothing [#awaits]
  /// may be left out.
  void reached(long size, Supplier<byte[]> root) throws IOException {
    Named wanted = named.get(size);
    byte[] computed = null;
    if (wanted != null) {
      computed = root.get();
      if (!Arrays.equals(wanted.checkpoint().root(), computed)) {
        differs(wanted, computed);
      }
    }
    for (Kept kept : histories) {
      while (kept.next != null && kept.next.checkpoint().size() <= size) {
        Named next = kept.next;
        if (next.checkpoint().size() < size) {
          problems.add(
              Verdict.TAMPERED,
              -1,
              next + ": comes after a larger one (expected: a history that only grows)");
        } else {
          computed = computed == null ? root.get() : computed;
          if (!Arrays.equals(next.checkpoint().root(), computed)) {
            differs(next, kept.note, computed);
          }
        }
        advance(kept);
      }
    }
    awaitNext(size);
  }

  private void differs(Named kept, byte[] note, byte[] computed) {
    try {
      opened(note);
      differs(kept, computed);
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, kept.name() + ": " + e.getMessage());
    }
  }

  private void differs(Named wanted, byte[] computed) {
    long size = wanted.checkpoint().size();
    problems.add(
        Verdict.TAMPERED,
        Math.max(size - 1, 0),
        "the tree of the first "
            + size
            + " records has the root "
            + Base64.getEncoder().encodeToString(computed)
            + " (expected: the one that was signed, "
            + wanted
            + "); this record or one before it was changed");
  }

  /// Whether a note was added already, byte for byte.
  boolean knows(byte[] note) {
    return notes.contains(ByteBuffer.wrap(Sha256.of(note)));
  }

  /// The log ends here; nothing may have been signed beyond.
  ///
  /// @param published size of the log by now; it may have grown since we began
  void end(Named last, long published) throws IOException {
    for (Kept kept : histories) {
      Named beyond = kept.next;
      if (beyond != null && beyond.checkpoint().size() > published) {
        problems.add(
            Verdict.TAMPERED,
            last.checkpoint().size(),
            "the log ends before this record, at "
                + last
                + ", but "
                + beyond
                + " was signed before; it was cut, or put back to an older state");
      }
      while (kept.next != null) {
        advance(kept);
      }
    }
  }

  /// Checkpoints in the log's own history.
  long keptCount() {
    return keptCount;
  }

  /// How many of them had their signature checked.
  long keptChecked() {
    return keptChecked;
  }
}
