package io.outrider.audit.verify;

import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.TreeHasher;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/// The public files of a log, as anybody may read them. A partial file that is gone because its
/// full one exists by now is read from the full one, so that a log can be read while it grows.
final class LogFiles {
  static final String CHECKPOINT = "checkpoint";
  static final String SIGNED = "state/signed";
  static final String VERIFIER_KEY = "log.vkey";
  static final String JOURNAL = "journal";

  /// The newest checkpoint that witnesses cosigned.
  static final String COSIGNED = "anchors/cosigned";

  /// Checkpoints that were kept, and those of them that were cosigned, by day.
  static final List<String> HISTORIES = List.of("checkpoints", "anchors");

  private final LogSource source;

  /// Whether a path is one that a log publishes.
  static boolean isPublic(String path) {
    return path.equals(CHECKPOINT)
        || path.equals(VERIFIER_KEY)
        || path.equals(COSIGNED)
        || path.startsWith("tile/");
  }

  LogFiles(LogSource source) {
    this.source = source;
  }

  LogSource source() {
    return source;
  }

  /// The first `width` hashes of a tile.
  ///
  /// @throws MissingException if there is no such tile
  byte[] tile(int level, long index, int width) throws IOException {
    ReadBuffer tile = new ReadBuffer();
    tile(level, index, width, tile);
    return Arrays.copyOf(tile.bytes(), width * TreeHasher.BYTES);
  }

  /// Reads a tile of at least `width` hashes.
  ///
  /// @throws MissingException if there is no such tile
  void tile(int level, long index, int width, ReadBuffer into) throws IOException {
    String name = TilePath.tile(level, index, width);
    Found found = partialOrFull(name, TilePath.tile(level, index, TilePath.WIDTH), into);
    if (found == Found.NOTHING) {
      throw new MissingException(name + ": missing");
    }
    int expected = (found == Found.ASKED ? width : TilePath.WIDTH) * TreeHasher.BYTES;
    if (into.length() != expected) {
      throw new MissingException(
          name + ": " + into.length() + " bytes (expected: " + expected + ")");
    }
  }

  /// The first `width` leaves of an entry bundle; fewer if it holds fewer.
  List<byte[]> bundle(long index, int width) throws IOException, FormatException {
    ReadBuffer bundle = new ReadBuffer();
    String name = TilePath.entries(index, width);
    if (partialOrFull(name, TilePath.entries(index, TilePath.WIDTH), bundle) == Found.NOTHING) {
      throw new MissingException(name + ": missing");
    }
    List<byte[]> leaves = EntryBundle.parse(bundle.content());
    return leaves.subList(0, Math.min(width, leaves.size()));
  }

  /// The first bundle from `wanted` on that was not dropped. Bundles are dropped from the beginning
  /// only, so halving finds it.
  ///
  /// @throws MissingException if none is there
  long begin(long wanted, long size) throws IOException {
    long last = (size - 1) / TilePath.WIDTH;
    if (isThere(wanted, size)) {
      return wanted;
    }
    if (isThere(0, size) || !isThere(last, size)) {
      throw new MissingException(
          TilePath.entries(wanted, TilePath.width(0, wanted, size)) + ": missing");
    }
    long gone = wanted;
    long there = last;
    while (there - gone > 1) {
      long middle = gone + (there - gone) / 2;
      if (isThere(middle, size)) {
        there = middle;
      } else {
        gone = middle;
      }
    }
    return there;
  }

  private boolean isThere(long bundle, long size) throws IOException {
    int width = TilePath.width(0, bundle, size);
    return source.read(TilePath.entries(bundle, width), 0, 1).isPresent()
        || source.read(TilePath.entries(bundle, TilePath.WIDTH), 0, 1).isPresent();
  }

  /// What was read.
  enum Found {
    /// The file that was asked for.
    ASKED,
    /// The full one, since the partial one is gone.
    FULL,
    NOTHING
  }

  /// Reads the partial file, or the full one if that is gone by now.
  Found partialOrFull(String partial, String full, ReadBuffer into) throws IOException {
    if (source.read(partial, into)) {
      return Found.ASKED;
    }
    return !partial.equals(full) && source.read(full, into) ? Found.FULL : Found.NOTHING;
  }

  /// A file the tree needs is not there, or too short.
  static final class MissingException extends IOException {
    private static final long serialVersionUID = 1L;

    MissingException(String message) {
      super(message);
    }
  }
}
