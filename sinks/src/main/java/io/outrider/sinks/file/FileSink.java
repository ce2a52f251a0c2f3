package io.outrider.sinks.file;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Appends one record a line, and syncs. A full file is renamed to `NAME.before-<index>`, the index
/// of the record that comes next, so that names sort in order; nothing is ever removed.
public final class FileSink implements Sink {
  /// How far back the end of the last whole line is looked for: more than the longest line.
  private static final int TAIL = 1 << 17;

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
    FileChannel out = open();
    try {
      if (out.size() >= rotateAt) {
        rotate(delivery.from());
        out = open();
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

  private FileChannel open() throws IOException {
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
      cutTornLine(opened);
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

  /// A crash may have left half a line; its record comes again.
  private static void cutTornLine(FileChannel channel) throws IOException {
    long size = channel.size();
    int length = (int) Math.min(size, TAIL);
    ByteBuffer tail = ByteBuffer.allocate(length);
    while (tail.hasRemaining() && channel.read(tail, size - length + tail.position()) >= 0) {
      // until full
    }
    int end = length;
    while (end > 0 && tail.get(end - 1) != '\n') {
      end--;
    }
    if (end == 0 && length == TAIL) {
      throw new IOException(
          "no end of a line in the last " + TAIL + " bytes (expected: a file of JSON lines)");
    }
    if (end < length) {
      channel.truncate(size - length + end);
    }
  }

  private void rotate(long next) throws IOException {
    shut();
    Path aside =
        file.resolveSibling(
            String.format(Locale.ROOT, "%s.before-%012d", file.getFileName(), next));
    if (Files.exists(aside)) {
      throw new FileAlreadyExistsException(
          aside + ": exists (expected: to put " + file + " there)");
    }
    Files.move(file, aside);
    sync(folder());
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
