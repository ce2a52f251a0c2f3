package io.outrider.audit;

import io.outrider.audit.store.FileOps;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// The real disk, used as a careless log would: for scripts that want to see a mutant caught by a
/// real power cut.
final class CarelessFiles implements FileOps {
  private enum Force {
    TRULY,
    /// It is said to be done when it begins.
    LATER,
    NEVER
  }

  private final FileOps disk = FileOps.real();
  private final Force files;
  private final boolean forcesFolders;

  private CarelessFiles(Force files, boolean forcesFolders) {
    this.files = files;
    this.forcesFolders = forcesFolders;
  }

  /// @param mutant `none`, `no-force`, `early-ack` or `no-folder-force`
  static FileOps of(String mutant) {
    return switch (mutant) {
      case "none" -> FileOps.real();
      case "no-force" -> new CarelessFiles(Force.NEVER, true);
      case "early-ack" -> new CarelessFiles(Force.LATER, true);
      case "no-folder-force" -> new CarelessFiles(Force.TRULY, false);
      default ->
          throw new IllegalArgumentException(
              "mutant: " + mutant + " (expected: none, no-force, early-ack or no-folder-force)");
    };
  }

  @Override
  public Handle open(Path file, Mode mode) throws IOException {
    Handle handle = disk.open(file, mode);
    return files == Force.TRULY ? handle : new Unforced(handle, files == Force.LATER);
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    disk.createDirectories(folder);
  }

  @Override
  public void restrict(Path folder) throws IOException {
    disk.restrict(folder);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path file) throws IOException {
    disk.delete(file);
  }

  @Override
  public void forceDirectory(Path folder) throws IOException {
    if (forcesFolders) {
      disk.forceDirectory(folder);
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public boolean exists(Path file) {
    return disk.exists(file);
  }

  @Override
  public boolean sameOwner(Path one, Path other) throws IOException {
    return disk.sameOwner(one, other);
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    return disk.lock(file);
  }

  private record Unforced(Handle handle, boolean later) implements Handle {
    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      handle.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return handle.read(target, position);
    }

    @Override
    public void force() {
      if (later) {
        Thread.startVirtualThread(() -> {
          try {
            handle.force();
          } catch (IOException e) {
            // Closed meanwhile; a careless log does not look.
          }
        });
      }
    }

    @Override
    public long size() throws IOException {
      return handle.size();
    }

    @Override
    public void close() throws IOException {
      handle.close();
    }
  }
}
