package io.outrider.sinks.file;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Appends one record a line, and syncs. A full file is renamed to `NAME.before-<index>`, the index
/// of the record that comes next, so that names sort in order; nothing is ever removed.
///
/// A file that somebody else wrote, or is writing, is not touched.
public final class FileSink implements Sink {
  /// After a crash the same records come again, and with them the same name: each crash takes one
  /// at most.
  private static final int MOST_OF_ONE_NAME = 1_000;

  private final Path file;
  private final long rotateAt;
  private @Nullable FileChannel channel;

  /// @param rotateAt size in bytes from which a file is put aside
  public FileSink(Path file, long rotateAt) {
    if (rotateAt < 1) {
      throw new IllegalArgumentException("rotate: " + rotateAt + " (expected: >= 1)");
    }
    this.file = file.toAbsolutePath();
    this.rotateAt = rotateAt;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException {
    FileChannel out = open(delivery);
    try {
      if (out.size() >= rotateAt) {
        rotate(delivery.from());
        out = open(delivery);
      }
      ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 20);
      for (Item item : delivery.items()) {
        lines.writeBytes(item.json());
        lines.write('\n');
      }
      ByteBuffer in = ByteBuffer.wrap(lines.toByteArray());
      while (in.hasRemaining()) {
        out.write(in);
      }
      out.force(false);
    } catch (IOException e) {
      // Half a line may stand there now; opening again cuts it.
      shut();
      throw e;
    }
  }

  private FileChannel open(Delivery delivery) throws IOException {
    FileChannel open = channel;
    if (open != null) {
      return open;
    }
    Path folder = folder();
    Files.createDirectories(folder);
    boolean fresh = !Files.exists(file);
    FileChannel opened =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            ownerOnly());
    try {
      lock(opened);
      opened.truncate(LastLine.of(opened, file).ours(delivery.checkpoint().checkpoint().size()));
      opened.position(opened.size());
      if (fresh) {
        sync(folder);
      }
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    channel = opened;
    return opened;
  }

  /// Held until the channel is closed: each of two writers would write over what the other wrote.
  private void lock(FileChannel opened) throws IOException {
    boolean alone;
    try {
      alone = opened.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      alone = false;
    }
    if (!alone) {
      throw new IOException(file + ": another sink is writing it (expected: a file for each)");
    }
  }

  private void rotate(long next) throws IOException {
    Path aside = aside(next);
    shut();
    Files.move(file, aside);
    sync(folder());
  }

  private Path aside(long next) throws IOException {
    String name = String.format(Locale.ROOT, "%s.before-%012d", file.getFileName(), next);
    Path aside = file.resolveSibling(name);
    for (int n = 1; Files.exists(aside, LinkOption.NOFOLLOW_LINKS); n++) {
      if (n == MOST_OF_ONE_NAME) {
        throw new FileAlreadyExistsException(
            aside + ": exists (expected: to put " + file + " there)");
      }
      aside = file.resolveSibling(String.format(Locale.ROOT, "%s.%03d", name, n));
    }
    return aside;
  }

  private Path folder() throws IOException {
    Path folder = file.getParent();
    if (folder == null) {
      throw new IOException(file + ": not a place for a file");
    }
    return folder;
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private void shut() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    try {
      shut();
    } catch (IOException e) {
      // Everything in it was synced.
    }
  }
}
