package io.outrider.audit.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where a log is read from. Paths are relative, with `/`. Thread-safe.
public interface LogSource {

  /// A whole file; empty if there is none.
  ///
  /// @throws IOException if it is there but cannot be read
  Optional<byte[]> read(String path) throws IOException;

  /// Up to `length` bytes from `offset`; fewer at the end; empty if there is no such file.
  Optional<byte[]> read(String path, long offset, int length) throws IOException;

  /// Reads a whole file into `into`, as [#read(String)] does.
  ///
  /// @return whether there is such a file
  default boolean read(String path, ReadBuffer into) throws IOException {
    Optional<byte[]> content = read(path);
    content.ifPresent(into::set);
    return content.isPresent();
  }

  /// Names in a folder, sorted; none if there is no such folder.
  List<String> list(String folder) throws IOException;

  /// A log in a folder of this machine.
  static LogSource folder(Path root) {
    return new FolderSource(root);
  }

  /// Reads plain files.
  record FolderSource(Path root) implements LogSource {

    /// No file of a log is larger; what is larger is not read into memory.
    private static final long MAX_FILE = 64L << 20;

    @Override
    public Optional<byte[]> read(String path) throws IOException {
      ReadBuffer buffer = new ReadBuffer();
      return read(path, buffer) ? Optional.of(buffer.content()) : Optional.empty();
    }

    @Override
    public boolean read(String path, ReadBuffer into) throws IOException {
      Path file = root.resolve(path);
      try {
        checkRegular(path, file);
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
          long size = channel.size(); // of what was opened: a file may be replaced meanwhile
          checkSize(path, size);
          ByteBuffer buffer = ByteBuffer.wrap(into.room((int) size), 0, (int) size);
          while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // until it is all there, or was cut meanwhile
          }
          into.cut(buffer.position());
        }
        return true;
      } catch (NoSuchFileException e) {
        return false;
      }
    }

    /// Asked before the file is opened: opening a pipe would wait for somebody to write.
    private static void checkRegular(String path, Path file) throws IOException {
      if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
        throw new IOException(path + ": no regular file (expected: one)");
      }
    }

    private static void checkSize(String path, long size) throws IOException {
      if (size > MAX_FILE) {
        throw new IOException(path + ": " + size + " bytes (expected: at most " + MAX_FILE + ")");
      }
    }

    @Override
    public Optional<byte[]> read(String path, long offset, int length) throws IOException {
      Path file = root.resolve(path);
      try {
        checkRegular(path, file);
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
      try (SeekableByteChannel channel = Files.newByteChannel(file)) {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        channel.position(offset);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
          // until full or at the end
        }
        return Optional.of(Arrays.copyOf(buffer.array(), buffer.position()));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }

    @Override
    public List<String> list(String folder) throws IOException {
      List<String> names = new ArrayList<>();
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(root.resolve(folder))) {
        for (Path entry : entries) {
          names.add(String.valueOf(entry.getFileName()));
        }
      } catch (NoSuchFileException e) {
        return List.of();
      }
      names.sort(null);
      return names;
    }
  }
}
