package io.outrider.audit.store;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Signs checkpoints and publishes them, and never signs two trees that do not agree.
///
/// What was signed last is made durable in `state/signed` before anybody can see it, so that a
/// crash, or a folder put back from a backup, cannot lead to a second signature over a different
/// tree. Used by one thread.
final class Publisher implements Closeable {
  /// Of checkpoints that are kept; for a day and a half, then one a minute.
  private static final Duration SPACING = Duration.ofSeconds(1);

  private static final int A_MINUTE = 24 * 60;

  /// A cosigned checkpoint may have some kilobytes for each witness.
  private static final Duration COSIGNED_SPACING = Duration.ofMinutes(1);

  private static final int AN_HOUR = 24;

  private final Folder folder;
  private final SignerKey key;
  private final NoteHistory history;
  private final NoteHistory cosigned;
  private volatile @Nullable Checkpoint signed;

  Publisher(Folder folder, SignerKey key) {
    this.folder = folder;
    this.key = key;
    this.history = new NoteHistory(folder, "checkpoints", SPACING, A_MINUTE);
    this.cosigned = new NoteHistory(folder, "anchors", COSIGNED_SPACING, AN_HOUR);
  }

  /// Reads what was signed and published before.
  ///
  /// @throws DamagedLogException if either is not a checkpoint of this log, or more was published
  ///   than signed
  void load() throws IOException {
    Optional<Checkpoint> last = read(folder.signed());
    Optional<Checkpoint> published = read(folder.checkpoint());
    if (published.isPresent() && (last.isEmpty() || last.get().size() < published.get().size())) {
      throw new DamagedLogException(
          "checkpoint: size "
              + published.get().size()
              + " (expected: at most "
              + last.map(Checkpoint::size).orElse(0L)
              + ", the last in state/signed; the folder was put together from two times)");
    }
    signed = last.orElse(null);
    history.load();
    cosigned.load();
  }

  private Optional<Checkpoint> read(Path file) throws IOException {
    Optional<byte[]> bytes = folder.read(file);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    try {
      Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(bytes.get(), key.verifier()).text());
      if (!checkpoint.origin().equals(key.verifier().name())) {
        throw new FormatException(
            "origin " + checkpoint.origin() + " (expected: " + key.verifier().name() + ")");
      }
      return Optional.of(checkpoint);
    } catch (FormatException e) {
      throw new DamagedLogException(file + ": " + e.getMessage(), e);
    }
  }

  /// The last checkpoint signed; null before the first.
  @Nullable Checkpoint signed() {
    return signed;
  }

  /// Signs the tree and publishes the checkpoint. All tiles must be durable already.
  Checkpoint publish(long size, byte[] root, Instant now) throws IOException {
    Checkpoint last = signed;
    if (last != null && size < last.size()) {
      throw new DamagedLogException(
          "checkpoint of size "
              + size
              + " (expected: at least "
              + last.size()
              + ", signed before)");
    }
    if (last != null && size == last.size() && !Arrays.equals(root, last.root())) {
      throw new DamagedLogException("a different tree of size " + size + " was signed before");
    }
    Checkpoint next = new Checkpoint(key.verifier().name(), size, root);
    byte[] note = key.sign(next.text()).bytes();
    folder.replace(folder.signed(), note);
    folder.replace(folder.checkpoint(), note);
    signed = next;
    if (last == null || last.size() < size) {
      history.append(note, now);
    }
    return next;
  }

  /// Keeps what witnesses cosigned, and puts their signatures under the published checkpoint if it
  /// is still the one they saw.
  void cosigned(SignedNote note, Instant now) throws IOException {
    cosigned.append(note.bytes(), now);
    Checkpoint last = signed;
    if (last != null && note.text().equals(last.text())) {
      folder.replace(folder.checkpoint(), note.bytes());
    }
  }

  @Override
  public void close() throws IOException {
    try (history) {
      cosigned.close();
    }
  }
}
