package io.outrider.audit.verify;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The public part of a log, read while another process may write it: the last signed checkpoint
/// and the files of the tree under it, as they must be handed on. Checks the shape of what it
/// reads, not the hashes; [AuditVerifier] does that. As thread-safe as its source.
public final class PublishedLog {
  private static final String COSIGNED = "anchors/cosigned";

  private final LogFiles files;

  public PublishedLog(LogSource source) {
    this.files = new LogFiles(source);
  }

  /// A checkpoint with the note that signs it.
  ///
  /// @param note the bytes of the file
  public record Signed(byte[] note, Checkpoint checkpoint) {
    public Signed {
      note = note.clone();
    }

    @Override
    public byte[] note() {
      return note.clone();
    }
  }

  /// The checkpoint published last; empty if there is none yet.
  ///
  /// @throws FormatException if what is there is not a checkpoint
  public Optional<Signed> checkpoint() throws IOException, FormatException {
    Optional<byte[]> note = files.source().read(LogFiles.CHECKPOINT);
    if (note.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Signed(note.get(), Checkpoint.parse(SignedNote.parse(note.get()).text())));
  }

  /// The line of the public key; empty if the folder has none.
  public Optional<byte[]> verifierKey() throws IOException {
    return files.source().read(LogFiles.VERIFIER_KEY);
  }

  /// The newest checkpoint that witnesses cosigned; empty if none did.
  public Optional<byte[]> cosigned() throws IOException {
    return files.source().read(COSIGNED);
  }

  /// The first `width` hashes of a tile.
  ///
  /// @throws IOException if there is no such tile
  public byte[] tile(int level, long index, int width) throws IOException {
    return files.tile(level, index, width);
  }

  /// The bytes of an entry bundle, up to its first `width` leaves; empty if it is gone, as after a
  /// pruning.
  ///
  /// @throws FormatException if it is no bundle, or holds fewer leaves
  public Optional<byte[]> bundle(long index, int width) throws IOException, FormatException {
    Optional<byte[]> bytes = raw(index, width);
    if (bytes.isEmpty()) {
      return Optional.empty();
    }
    int end = 0;
    for (byte[] leaf : first(index, width, bytes.get())) {
      end += Short.BYTES + leaf.length;
    }
    return Optional.of(Arrays.copyOf(bytes.get(), end));
  }

  /// The first `width` leaves of an entry bundle; empty if it is gone, as after a pruning.
  ///
  /// @throws FormatException if it is no bundle, or holds fewer leaves
  public Optional<List<byte[]>> leaves(long index, int width) throws IOException, FormatException {
    Optional<byte[]> bytes = raw(index, width);
    return bytes.isEmpty() ? Optional.empty() : Optional.of(first(index, width, bytes.get()));
  }

  private Optional<byte[]> raw(long index, int width) throws IOException {
    // The partial one goes when the full one is there, so it is asked for first.
    Optional<byte[]> partial = files.source().read(TilePath.entries(index, width));
    return partial.isPresent()
        ? partial
        : files.source().read(TilePath.entries(index, TilePath.WIDTH));
  }

  private static List<byte[]> first(long index, int width, byte[] bundle) throws FormatException {
    List<byte[]> leaves = EntryBundle.parse(bundle);
    if (leaves.size() < width) {
      throw new FormatException(
          "bundle " + index + ": " + leaves.size() + " leaves (expected: " + width + ")");
    }
    return leaves.subList(0, width);
  }
}
