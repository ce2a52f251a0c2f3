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
  private final FileOps disk = FileOps.real();
  private final boolean forcesFiles;
  private final boolean forcesFolders;

  private CarelessFiles(boolean forcesFiles, boolean forcesFolders) {
    this.forcesFiles = forcesFiles;
    this.forcesFolders = forcesFolders;
  }

  /// @param mutant `none`, `no-force` or `no-folder-force`
  static FileOps of(String mutant) {
    return switch (mutant) {
      case "none" -> FileOps.real();
      case "no-force" -> new CarelessFiles(false, true);
      case "no-folder-force" -> new CarelessFiles(true, false);
      default ->
          throw new IllegalArgumentException(
              "mutant: " + mutant + " (expected: none, no-force or no-folder-force)");
    };
  }

  @Override
  public Handle open(Path file, Mode mode) throws IOException {
    Handle handle = disk.open(file, mode);
    return forcesFiles ? handle : new Unforced(handle);
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

  private record Unforced(Handle handle) implements Handle {
    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      handle.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return handle.read(target, position);
    }

    @Override
    public void force() {}

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
