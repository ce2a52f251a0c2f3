package io.outrider.audit.store;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SegmentHeader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// The log's folder: where things are, and how whole files get there in one step. Used by one
/// thread at a time.
final class Folder {
  static final String TEMPORARY = ".tmp";

  /// Files larger than this are not ours; a guard against reading nonsense into memory.
  private static final long MAX_FILE = 1L << 30;

  private final FileOps files;
  private final Path root;
  private final Set<Path> known = new HashSet<>();

  Folder(FileOps files, Path root) {
    this.files = files;
    this.root = root;
  }

  FileOps files() {
    return files;
  }

  Path lock() {
    return root.resolve("lock");
  }

  Path signingKey() {
    return root.resolve("signing.key");
  }

  Path verifierKey() {
    return root.resolve("log.vkey");
  }

  Path checkpoint() {
    return root.resolve("checkpoint");
  }

  Path signed() {
    return root.resolve("state").resolve("signed");
  }

  Path place() {
    return root.resolve("state").resolve("place");
  }

  Path journal() {
    return root.resolve("journal");
  }

  Path segment(long ordinal) {
    return journal().resolve(SegmentHeader.fileName(ordinal));
  }

  Path quarantine(long ordinal, long offset) {
    return root.resolve("quarantine").resolve(ordinal + "-" + offset + ".bin");
  }

  Path inbox() {
    return root.resolve("inbox");
  }

  Path quarantine(String name) {
    return root.resolve("quarantine").resolve(name);
  }

  Path at(String relative) {
    return root.resolve(relative);
  }

  /// Puts `content` at `file` so that after a crash there is the old content or the new, never a
  /// part.
  void replace(Path file, byte[] content) throws IOException {
    Path parent = write(file, content);
    files.forceDirectory(parent);
  }

  /// The same, but the name may not survive a crash until [FileOps#forceDirectory] was called on
  /// the folder returned.
  Path write(Path file, byte[] content) throws IOException {
    Path parent = known(file);
    Path temporary = parent.resolve(file.getFileName() + TEMPORARY);
    try (FileOps.Handle handle = create(temporary)) {
      handle.write(ByteBuffer.wrap(content), 0);
      handle.force();
    }
    files.rename(temporary, file);
    return parent;
  }

  /// Writes a file that nobody looks at yet, under its own name. It may be torn after a crash until
  /// the handle was forced and [FileOps#forceDirectory] called on its folder; then it is simply
  /// written again.
  FileOps.Handle begin(Path file, ByteBuffer content) throws IOException {
    known(file);
    FileOps.Handle handle = create(file);
    try {
      handle.write(content, 0);
      return handle;
    } catch (IOException | RuntimeException e) {
      handle.close();
      throw e;
    }
  }

  /// Makes the folder of a file if it is not there.
  private Path known(Path file) throws IOException {
    Path parent = parent(file);
    if (known.add(parent)) {
      files.createDirectories(parent);
    }
    return parent;
  }

  /// A new file; what a crash left under its name goes.
  private FileOps.Handle create(Path file) throws IOException {
    try {
      return files.open(file, FileOps.Mode.CREATE);
    } catch (FileAlreadyExistsException e) {
      files.delete(file);
      return files.open(file, FileOps.Mode.CREATE);
    }
  }

  Optional<byte[]> read(Path file) throws IOException {
    if (!files.exists(file)) {
      return Optional.empty();
    }
    try (FileOps.Handle handle = files.open(file, FileOps.Mode.READ)) {
      long size = handle.size();
      if (size > MAX_FILE) {
        throw new IOException(file + ": " + size + " bytes (expected: at most " + MAX_FILE + ")");
      }
      ByteBuffer content = ByteBuffer.allocate((int) size);
      int n = handle.read(content, 0);
      return Optional.of(Arrays.copyOf(content.array(), n));
    }
  }

  /// A file that somebody else may have written, so that its size is not ours.
  ///
  /// @throws FormatException if it has more than `limit` bytes
  byte[] readSmall(Path file, int limit) throws IOException, FormatException {
    try (FileOps.Handle handle = files.open(file, FileOps.Mode.READ)) {
      long size = handle.size();
      ByteBuffer content = ByteBuffer.allocate((int) Math.min(size, limit));
      int n = handle.read(content, 0); // first: the size of what is no file means nothing
      if (size > limit) {
        throw new FormatException(size + " bytes (expected: at most " + limit + ")");
      }
      return Arrays.copyOf(content.array(), n);
    }
  }

  /// A large file, outside the heap; valid until `memory` closes.
  ByteBuffer content(Path file, Arena memory) throws IOException {
    try (FileOps.Handle handle = files.open(file, FileOps.Mode.READ)) {
      long size = handle.size();
      if (size > MAX_FILE) {
        throw new IOException(file + ": " + size + " bytes (expected: at most " + MAX_FILE + ")");
      }
      return handle.content(memory);
    }
  }

  /// Removes a file and forgets what was known of its folder.
  void delete(Path file) throws IOException {
    files.delete(file);
  }

  /// Removes a folder with its files, if it is there.
  void deleteFolder(Path folder) throws IOException {
    for (String name : files.list(folder)) {
      files.delete(folder.resolve(name));
    }
    files.delete(folder);
    known.remove(folder);
  }

  static boolean isTemporary(String name) {
    return name.endsWith(TEMPORARY);
  }

  static Path parent(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("file: " + file + " (expected: one inside a folder)");
    }
    return parent;
  }
}
