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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The real disk. Only the log's own threads, which nobody interrupts, may call it: an interrupt
/// would close the channel.
final class DiskFileOps implements FileOps {
  /// Bytes of a heap buffer moved at a time: large enough that the calls do not count.
  private static final int HEAP_PIECE = 1 << 16;

  /// Files flushed at a time when there are many.
  private static final int AT_ONCE = 4;

  /// With fewer files the hand-over costs more than it saves.
  private static final int MIN_AT_ONCE = 12;

  /// Flush files beside the caller. They end when there has been nothing to do for a moment: an
  /// idle proxy has none of them.
  private static final ThreadPoolExecutor FORCERS =
      new ThreadPoolExecutor(
          AT_ONCE - 1,
          AT_ONCE - 1,
          2,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().name("outrider-audit-flush-", 0).daemon(true).factory());

  static {
    FORCERS.allowCoreThreadTimeOut(true);
  }

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

  /// Several at once: the disk then does with one flush what would take one for each file, and the
  /// journal's own flushes wait for fewer.
  @Override
  public void forceAll(List<Handle> handles) throws IOException {
    if (handles.size() < MIN_AT_ONCE) {
      FileOps.super.forceAll(handles);
      return;
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> helpers = new ArrayList<>();
    for (int i = 1; i < AT_ONCE; i++) {
      helpers.add(FORCERS.submit(() -> forceFrom(next, handles)));
    }
    IOException failure = null;
    try {
      forceFrom(next, handles);
    } catch (IOException e) {
      failure = e;
    }
    // All of them, whatever happened: the handles are closed behind this.
    for (Future<?> helper : helpers) {
      IOException failed = failureOf(helper);
      failure = failure == null ? failed : failure;
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static @Nullable Void forceFrom(AtomicInteger next, List<Handle> handles)
      throws IOException {
    for (int i = next.getAndIncrement(); i < handles.size(); i = next.getAndIncrement()) {
      handles.get(i).force();
    }
    return null;
  }

  private static @Nullable IOException failureOf(Future<?> helper) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          helper.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      return e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
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
  public Optional<String> identity(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("unix")
        ? Optional.of("inode " + Files.getAttribute(file, "unix:ino"))
        : Optional.empty();
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
