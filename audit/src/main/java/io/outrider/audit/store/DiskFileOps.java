package io.outrider.audit.store;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The real disk. Only the log's own threads, which nobody interrupts, may call it: an interrupt
/// would close the channel.
final class DiskFileOps implements FileOps {
  /// Bytes of a heap buffer moved at a time: large enough that the calls do not count.
  private static final int HEAP_PIECE = 1 << 16;

  /// Lock files this process holds.
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Override
  public Handle open(Path file, Mode mode) throws IOException {
    FileChannel channel =
        switch (mode) {
          case READ -> FileChannel.open(file, Set.of(StandardOpenOption.READ));
          case WRITE ->
              FileChannel.open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
          case CREATE ->
              FileChannel.open(
                  file,
                  Set.of(
                      StandardOpenOption.READ,
                      StandardOpenOption.WRITE,
                      StandardOpenOption.CREATE_NEW),
                  OWNER_FILE);
        };
    return new ChannelHandle(channel);
  }

  @Override
  public void createDirectories(Path folder) throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path p = folder.toAbsolutePath(); p != null && !Files.isDirectory(p); p = p.getParent()) {
      missing.push(p);
    }
    for (Path p : missing) {
      try {
        Files.createDirectory(p, OWNER_FOLDER);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(p)) {
          throw e;
        }
      }
      Path parent = p.getParent();
      if (parent != null) {
        forceDirectory(parent);
      }
    }
  }

  @Override
  public void restrict(Path folder) throws IOException {
    Set<PosixFilePermission> wanted = PosixFilePermissions.fromString("rwx------");
    if (!Files.getPosixFilePermissions(folder).equals(wanted)) {
      Files.setPosixFilePermissions(folder, wanted);
    }
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
  }

  @Override
  public void forceDirectory(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        Path name = entry.getFileName();
        if (name != null) {
          names.add(name.toString());
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    names.sort(null);
    return names;
  }

  @Override
  public boolean exists(Path file) {
    return Files.exists(file);
  }

  @Override
  public boolean sameOwner(Path one, Path other) throws IOException {
    return Files.getOwner(one).equals(Files.getOwner(other));
  }

  @Override
  public Closeable lock(Path file) throws IOException {
    // Asked before the file is opened: to close it again would give back the lock that this process
    // has, whoever in it took it.
    Path name = Folder.parent(file.toAbsolutePath()).toRealPath().resolve(file.getFileName());
    if (!HELD.add(name)) {
      throw new LogInUseException("held by this process already");
    }
    try {
      FileChannel channel =
          FileChannel.open(
              file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE), OWNER_FILE);
      if (!locked(channel)) {
        channel.close();
        throw new LogInUseException("held by another process");
      }
      return () -> {
        channel.close();
        HELD.remove(name);
      };
    } catch (IOException | RuntimeException e) {
      HELD.remove(name);
      throw e;
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private record ChannelHandle(FileChannel channel) implements Handle {

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      long at = position;
      int end = source.limit();
      while (source.position() < end) {
        source.limit(Math.min(end, piece(source)));
        at += channel.write(source, at);
      }
      source.limit(end);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      int total = 0;
      int end = target.limit();
      while (target.position() < end) {
        target.limit(Math.min(end, piece(target)));
        int n = channel.read(target, position + total);
        if (n < 0) {
          break;
        }
        total += n;
      }
      target.limit(end);
      return total;
    }

    /// Mapped: nothing is copied, and memory that only holds a segment's zeros is never filled.
    @Override
    public ByteBuffer content(Arena memory) throws IOException {
      try {
        return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), memory).asByteBuffer();
      } catch (IOException | UnsupportedOperationException e) {
        return Handle.super.content(memory); // a file system that cannot map
      }
    }

    /// Where the next piece of a transfer may end. The JDK copies a heap buffer through a direct
    /// one of the same size, and each thread keeps the largest it ever needed.
    private static int piece(ByteBuffer buffer) {
      return buffer.isDirect() ? buffer.limit() : buffer.position() + HEAP_PIECE;
    }

    @Override
    public void force() throws IOException {
      channel.force(false);
    }

    @Override
    public long size() throws IOException {
      return channel.size();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
