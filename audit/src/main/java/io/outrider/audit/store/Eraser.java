package io.outrider.audit.store;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Removes values, and old records, from files that are whole. Each file is replaced in one step
/// and the old one overwritten, so that a crash leaves one version or the other, and no third place
/// keeps what was to go. Used by the publishing side; may be repeated after a crash.
final class Eraser {
  /// Shorter values are found by their salt alone; zeroing each short word that looks the same
  /// would harm what is nobody's secret.
  private static final int TELLING = 16;

  private static final int ZEROS = 1 << 16;

  private final Folder folder;

  Eraser(Folder folder) {
    this.folder = folder;
  }

  /// Erases values of one record from segments before `active`, from the pack of its bundle, and
  /// from whatever recovery set aside.
  void erase(long index, Predicate<String> which, long active) throws IOException {
    List<byte[]> secrets = new ArrayList<>();
    for (Opening opening : find(index, which, active)) {
      secrets.add(opening.salt());
      if (opening.value().length >= TELLING) {
        secrets.add(opening.value());
      }
    }
    // First where nothing but the values themselves shows what is to go: a crash must not leave the
    // places by which they are known empty, and these full.
    for (String name : folder.files().list(folder.quarantine(""))) {
      wipe(folder.quarantine(name), secrets);
    }
    for (long ordinal : segments(active)) {
      SegmentEdit edit = edit(ordinal);
      try {
        edit.erase(index, which);
      } catch (FormatException e) {
        throw damaged(folder.segment(ordinal), e);
      }
      replace(folder.segment(ordinal), edit.changed());
    }
    Path pack = folder.at(TilePath.sealed(index / TilePath.WIDTH));
    Optional<byte[]> sealed = folder.read(pack);
    if (sealed.isPresent() && !erasePack(pack, sealed.get(), index, which).isEmpty()) {
      replace(pack, sealed);
    }
  }

  private List<Opening> find(long index, Predicate<String> which, long active) throws IOException {
    List<Opening> found = new ArrayList<>();
    for (long ordinal : segments(active)) {
      SegmentEdit edit = edit(ordinal);
      try {
        edit.erase(index, which);
      } catch (FormatException e) {
        throw damaged(folder.segment(ordinal), e);
      }
      found.addAll(edit.erased());
    }
    Path pack = folder.at(TilePath.sealed(index / TilePath.WIDTH));
    Optional<byte[]> sealed = folder.read(pack);
    if (sealed.isPresent()) {
      found.addAll(erasePack(pack, sealed.get(), index, which));
    }
    return found;
  }

  /// Erases values of one record in a pack, or the beginning of one.
  ///
  /// @return what was erased
  static List<Opening> erasePack(Path name, byte[] pack, long index, Predicate<String> which)
      throws DamagedLogException {
    ByteBuffer in = ByteBuffer.wrap(pack);
    for (int slot = 0; in.remaining() >= Integer.BYTES; slot++) {
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw new DamagedLogException(name + ": ends early or is damaged");
      }
      ByteBuffer annex = in.slice(in.position(), length);
      if (slot == index % TilePath.WIDTH) {
        try {
          return Opening.erase(annex, which);
        } catch (FormatException e) {
          throw damaged(name, e);
        }
      }
      in.position(in.position() + length);
    }
    return List.of();
  }

  /// Takes the batches with nothing but records before `floor` out of the segments before `active`.
  void dropBatches(long floor, long active) throws IOException {
    for (long ordinal : segments(active)) {
      SegmentEdit edit = edit(ordinal);
      try {
        edit.dropBefore(floor);
      } catch (FormatException e) {
        throw damaged(folder.segment(ordinal), e);
      }
      replace(folder.segment(ordinal), edit.changed());
      if (edit.hasKept()) {
        return; // what follows is younger, and a gap would be damage
      }
    }
  }

  private SegmentEdit edit(long ordinal) throws IOException {
    return new SegmentEdit(folder.read(folder.segment(ordinal)).orElse(new byte[0]));
  }

  private List<Long> segments(long active) throws IOException {
    return folder.files().list(folder.journal()).stream()
        .map(SegmentHeader::ordinal)
        .filter(ordinal -> ordinal > 0 && ordinal < active)
        .toList();
  }

  private void wipe(Path file, List<byte[]> secrets) throws IOException {
    byte[] content = folder.read(file).orElse(new byte[0]);
    boolean found = false;
    for (byte[] secret : secrets) {
      for (int at = indexOf(content, secret, 0); at >= 0; at = indexOf(content, secret, at)) {
        Arrays.fill(content, at, at + secret.length, (byte) 0);
        found = true;
      }
    }
    replace(file, found ? Optional.of(content) : Optional.empty());
  }

  private static int indexOf(byte[] in, byte[] what, int from) {
    // Latin-1 maps each byte to one character, and the JDK searches strings with vector
    // instructions.
    return new String(in, StandardCharsets.ISO_8859_1)
        .indexOf(new String(what, StandardCharsets.ISO_8859_1), from);
  }

  private void replace(Path file, Optional<byte[]> content) throws IOException {
    if (content.isEmpty()) {
      return;
    }
    try (FileOps.Handle old = folder.files().open(file, FileOps.Mode.WRITE)) {
      folder.replace(file, content.get());
      overwrite(old, 0);
    }
  }

  /// Puts zeros over a file, durably.
  static void overwrite(FileOps.Handle file, long from) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
    long size = file.size();
    for (long at = from; at < size; at += ZEROS) {
      file.write(zeros.clear().limit((int) Math.min(ZEROS, size - at)), at);
    }
    file.force();
  }

  /// Removes bundles and their values, from `first` to before `end`, durably.
  ///
  /// @return bytes that are free now
  long dropBundles(long first, long end) throws IOException {
    Set<Path> folders = new LinkedHashSet<>();
    long freed = 0;
    for (long bundle = first; bundle < end; bundle++) {
      for (String path :
          List.of(TilePath.entries(bundle, TilePath.WIDTH), TilePath.sealed(bundle))) {
        Path file = folder.at(path);
        if (folder.files().exists(file)) {
          try (FileOps.Handle handle = folder.files().open(file, FileOps.Mode.READ)) {
            freed += handle.size();
          }
          folder.files().delete(file);
          folders.add(Folder.parent(file));
        }
      }
    }
    for (Path parent : folders) {
      folder.files().forceDirectory(parent);
    }
    return freed;
  }

  private static DamagedLogException damaged(Path file, FormatException e) {
    return new DamagedLogException(file + ": " + e.getMessage(), e);
  }
}
