package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Who else vouches for a log, and whether that is enough and recent enough. Not thread-safe.
final class Anchors {
  private static final String WITNESS = "witness";

  /// How far another's clock may be ahead of ours. What is dated later says nothing about when it
  /// was made.
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final VerifyOptions options;
  private final Problems problems;
  private final Instant now;
  private final List<VerifyOptions.Saved> notes = new ArrayList<>();
  private final List<AnchorReader.Found> others = new ArrayList<>();
  private final List<Anchor> found = new ArrayList<>();

  /// For each note the witnesses that cosigned it, as far as their word counts.
  private final List<Set<String>> cosigners = new ArrayList<>();

  Anchors(VerifyOptions options, Problems problems) {
    this.options = options;
    this.problems = problems;
    this.now = options.clock().instant();
  }

  /// Finds what lies beside the log. Before its checkpoint is read: a log that is being written
  /// must not seem to be behind its own anchors.
  void collect(LogSource source) throws IOException {
    source
        .read(LogFiles.COSIGNED)
        .ifPresent(note -> notes.add(new VerifyOptions.Saved(LogFiles.COSIGNED, note)));
    for (AnchorReader reader : options.anchors()) {
      others.addAll(reader.read(source));
    }
  }

  /// A note of the log's own or of somebody's who saved it; witnesses may have signed it too.
  void add(String name, byte[] note) {
    notes.add(new VerifyOptions.Saved(name, note));
  }

  /// Checks what was found; the log must begin with all of it.
  void check(VerifierKey key, SignedRoots roots, SignedRoots.Named last) {
    for (VerifyOptions.Saved note : notes) {
      open(note, roots, last).ifPresent(opened -> cosignatures(note.name(), opened, key));
    }
    for (AnchorReader.Found other : others) {
      if (!other.trouble().isEmpty()) {
        problems.add(
            Verdict.TAMPERED, -1, other.anchor().by() + ": proves nothing: " + other.trouble());
      } else if (open(new VerifyOptions.Saved(other.anchor().by(), other.note()), roots, last)
          .isPresent()) {
        found.add(other.anchor());
      }
    }
    found.sort(Anchor.NEWEST_FIRST);
  }

  private Optional<SignedNote> open(
      VerifyOptions.Saved note, SignedRoots roots, SignedRoots.Named last) {
    if (roots.knows(note.note())) {
      return parse(note.note());
    }
    Optional<Checkpoint> checkpoint = roots.add(note.name(), note.note());
    if (checkpoint.isPresent() && checkpoint.get().size() > last.checkpoint().size()) {
      problems.add(
          Verdict.TAMPERED,
          last.checkpoint().size(),
          "the log ends before this record, at "
              + last
              + ", but "
              + new SignedRoots.Named(note.name(), checkpoint.get())
              + " was signed before; it was cut, or put back to an older state");
      return Optional.empty();
    }
    return checkpoint.isEmpty() ? Optional.empty() : parse(note.note());
  }

  private static Optional<SignedNote> parse(byte[] note) {
    try {
      return Optional.of(SignedNote.parse(note));
    } catch (FormatException e) {
      return Optional.empty();
    }
  }

  private void cosignatures(String name, SignedNote note, VerifierKey key) {
    Set<String> counted = new HashSet<>();
    try {
      long size = Checkpoint.parse(note.text()).size();
      List<TlogPolicy.Witness> known =
          options.policy().map(TlogPolicy::witnesses).orElse(List.of());
      for (TlogPolicy.Witness witness : known) {
        Optional<Instant> time = witness.key().cosigned(note);
        if (time.isPresent()) {
          remember(new Anchor(WITNESS, witness.key().name(), size, time.get(), true));
          if (isRecent(time.get())) {
            counted.add(witness.name());
          }
        } else if (note.signatures().stream().anyMatch(s -> isBy(s, witness))) {
          problems.add(
              Verdict.TAMPERED,
              -1,
              name + ": the cosignature of " + witness.key().name() + " does not fit the text");
        }
      }
      for (SignedNote.Signature signature : note.signatures()) {
        boolean own = signature.keyId() == key.id() && signature.name().equals(key.name());
        if (!own
            && known.stream().noneMatch(witness -> isBy(signature, witness))
            && signature.bytes().length > Long.BYTES) {
          time(signature)
              .ifPresent(
                  time -> remember(new Anchor(WITNESS, signature.name(), size, time, false)));
        }
      }
    } catch (FormatException e) {
      problems.add(Verdict.TAMPERED, -1, name + ": " + e.getMessage());
    }
    cosigners.add(counted);
  }

  private static boolean isBy(SignedNote.Signature signature, TlogPolicy.Witness witness) {
    return signature.keyId() == witness.key().id() && signature.name().equals(witness.key().name());
  }

  /// The time a cosignature claims; unchecked.
  private static Optional<Instant> time(SignedNote.Signature signature) {
    long seconds = ByteBuffer.wrap(signature.bytes()).getLong();
    return seconds >= 0 && seconds <= Instant.MAX.getEpochSecond()
        ? Optional.of(Instant.ofEpochSecond(seconds))
        : Optional.empty();
  }

  private void remember(Anchor anchor) {
    if (!found.contains(anchor)) {
      found.add(anchor);
    }
  }

  private boolean isRecent(Instant time) {
    return options.anchoredWithin().isEmpty()
        || !isInFuture(time) && time.isAfter(now.minus(options.anchoredWithin().get()));
  }

  private boolean isInFuture(Instant time) {
    return time.isAfter(now.plus(SKEW));
  }

  /// Says so if what was found is not enough.
  void judge() {
    Optional<Anchor> newest =
        found.stream().filter(Anchor::checked).max(Comparator.comparing(Anchor::time));
    long from = newest.map(Anchor::size).orElse(0L);
    String last =
        newest
            .map(anchor -> "last at " + anchor.time() + " by " + anchor.by())
            .orElse(
                found.isEmpty()
                    ? "by nobody"
                    : "by nobody whose key is known (" + found.getFirst().by() + ")");
    if (newest.isPresent() && isInFuture(newest.get().time())) {
      last +=
          ", which lies more than "
              + text(SKEW)
              + " in the future ("
              + now
              + " here) and does not count as recent";
    }
    String within = options.anchoredWithin().map(d -> " within the last " + text(d)).orElse("");
    boolean askedFor =
        options.policy().isPresent()
            && !(options.policy().get().quorum() instanceof TlogPolicy.Rule.None);
    if (askedFor) {
      TlogPolicy.Rule quorum = options.policy().get().quorum();
      if (cosigners.stream().noneMatch(quorum::met)) {
        problems.add(
            Verdict.NOT_ANCHORED,
            from,
            "anchored " + last + " (expected: " + quorum + within + ")");
      }
    } else if (options.anchoredWithin().isPresent()
        && found.stream().noneMatch(a -> a.checked() && isRecent(a.time()))) {
      problems.add(
          Verdict.NOT_ANCHORED,
          from,
          "anchored " + last + " (expected: by somebody" + within + ")");
    }
  }

  private static String text(Duration duration) {
    return duration.toString().substring(2).toLowerCase(Locale.ROOT);
  }

  List<Anchor> found() {
    return found;
  }
}
