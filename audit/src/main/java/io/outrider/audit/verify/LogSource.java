package io.outrider.audit.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
      Path file = root.resolve(path);
      try {
        long size = Files.size(file);
        if (size > MAX_FILE) {
          throw new IOException(path + ": " + size + " bytes (expected: at most " + MAX_FILE + ")");
        }
        return Optional.of(Files.readAllBytes(file));
      } catch (NoSuchFileException e) {
        return Optional.empty();
      }
    }

    @Override
    public Optional<byte[]> read(String path, long offset, int length) throws IOException {
      try (SeekableByteChannel channel = Files.newByteChannel(root.resolve(path))) {
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
