package io.outrider.audit.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The one door through which the log touches the disk. Tests put faults and crashes behind it.
///
/// Thread-safe. A write is visible to later reads at once, but survives a crash only after
/// [Handle#force]; a created, renamed or deleted name survives only after [#forceDirectory] of its
/// folder.
public interface FileOps {

  /// How a file is opened.
  enum Mode {
    /// Existing file, reading only.
    READ,
    /// Existing file, reading and writing.
    WRITE,
    /// A file that must not exist yet, mode 0600, reading and writing.
    CREATE
  }

  /// An open file. Positions are absolute.
  interface Handle extends Closeable {

    /// Writes all remaining bytes of `source` at `position`.
    void write(ByteBuffer source, long position) throws IOException;

    /// Reads until `target` is full or the file ends.
    ///
    /// @return the number of bytes read, 0 at the end
    int read(ByteBuffer target, long position) throws IOException;

    /// The whole content, to read from; valid until `memory` closes.
    default ByteBuffer content(Arena memory) throws IOException {
      ByteBuffer content = memory.allocate(size()).asByteBuffer();
      return content.slice(0, read(content, 0));
    }

    /// Makes the content durable (`fdatasync`, which includes a changed size).
    void force() throws IOException;

    long size() throws IOException;
  }

  Handle open(Path file, Mode mode) throws IOException;

  /// Makes the content of several files durable, in any order or all at once.
  default void forceAll(List<Handle> handles) throws IOException {
    for (Handle handle : handles) {
      handle.force();
    }
  }

  /// Makes the folder and its missing parents, mode 0700, and makes their names durable.
  void createDirectories(Path folder) throws IOException;

  /// Takes everybody else's rights to `folder` away.
  ///
  /// @throws IOException if it is not ours to decide
  void restrict(Path folder) throws IOException;

  /// Moves `from` over `to` in one step.
  void rename(Path from, Path to) throws IOException;

  /// Removes a file; fine if there is none.
  void delete(Path file) throws IOException;

  /// Makes the names in `folder` durable.
  void forceDirectory(Path folder) throws IOException;

  /// Names in `folder`, sorted; empty if there is no such folder.
  List<String> list(Path folder) throws IOException;

  boolean exists(Path file);

  /// Whether two files belong to the same user.
  boolean sameOwner(Path one, Path other) throws IOException;

  /// What tells a file from copies of it, though not from a snapshot of the disk, and stays when it
  /// is renamed or mounted elsewhere: its number in the file system. Empty where that is not known.
  default Optional<String> identity(Path file) throws IOException {
    return Optional.empty();
  }

  /// Holds `file`, made if missing, against every other process until closed.
  ///
  /// @throws LogInUseException if somebody holds it, in this process or another
  Closeable lock(Path file) throws IOException;

  /// The real disk.
  static FileOps real() {
    return new DiskFileOps();
  }
}
