package io.outrider.sinks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `export/<sink>.cursor` in the log's folder: how far one receiver is. Replaced whole, with
/// `fsync` before and after the rename, so that a crash leaves the old or the new one.
///
/// ```
/// outrider export cursor 1
/// sink <name>
/// kind <kind>
/// origin <origin of the log>
/// next <index of the first record not surely delivered>
/// sha256 <of the lines above, hex>
/// ```
final class CursorFile {
  static final String FOLDER = "export";
  static final String SUFFIX = ".cursor";

  private static final String MAGIC = "outrider export cursor 1";

  /// Six short lines; an origin has at most a few hundred characters.
  private static final int MAX_BYTES = 4096;

  private final Path file;
  private final String sink;
  private final String kind;

  CursorFile(Path log, String sink, String kind) {
    this.file = log.resolve(FOLDER).resolve(sink + SUFFIX);
    this.sink = sink;
    this.kind = kind;
  }

  /// What a cursor says.
  record Cursor(String sink, String kind, String origin, long next) {}

  Path path() {
    return file;
  }

  /// The first record to send to this sink from the log `origin`: 0 if there is no cursor.
  ///
  /// @throws DamagedCursorException if there is one that is not whole, or not of this sink and log
  long next(String origin) throws IOException, DamagedCursorException {
    Optional<Cursor> cursor = read(file);
    if (cursor.isEmpty()) {
      return 0;
    }
    if (!cursor.get().sink().equals(sink)) {
      throw damaged(
          file, "is of the sink '%s' (expected: '%s')".formatted(cursor.get().sink(), sink));
    }
    if (!cursor.get().origin().equals(origin)) {
      throw damaged(
          file, "is of the log '%s' (expected: '%s')".formatted(cursor.get().origin(), origin));
    }
    return cursor.get().next();
  }

  void write(String origin, long next) throws IOException {
    String text =
        "%s\nsink %s\nkind %s\norigin %s\nnext %d\n".formatted(MAGIC, sink, kind, origin, next);
    byte[] bytes = (text + "sha256 " + digest(text) + "\n").getBytes(StandardCharsets.UTF_8);
    replace(file, bytes, true);
  }

  /// A cursor as anybody may read it; empty if there is no such file.
  static Optional<Cursor> read(Path file) throws IOException, DamagedCursorException {
    String text;
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw damaged(file, "has %d bytes (expected: a few hundred)".formatted(Files.size(file)));
      }
      // Any byte is a character here, so that what is no UTF-8 fails by its digest.
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    int last = text.lastIndexOf("sha256 ");
    if (last < 0
        || !text.substring(last).equals("sha256 " + digest(text.substring(0, last)) + "\n")) {
      throw damaged(file, "is not whole: its last line is not the SHA-256 of the others");
    }
    List<String> lines = text.substring(0, last).lines().toList();
    if (lines.size() != 5
        || !lines.get(0).equals(MAGIC)
        || !lines.get(1).startsWith("sink ")
        || !lines.get(2).startsWith("kind ")
        || !lines.get(3).startsWith("origin ")
        || !lines.get(4).matches("next [0-9]{1,18}")) {
      throw damaged(file, "does not have the lines of a cursor");
    }
    return Optional.of(
        new Cursor(
            lines.get(1).substring("sink ".length()),
            lines.get(2).substring("kind ".length()),
            lines.get(3).substring("origin ".length()),
            Long.parseLong(lines.get(4).substring("next ".length()))));
  }

  private static DamagedCursorException damaged(Path file, String what) {
    return new DamagedCursorException(
        file
            + ": "
            + what
            + ". Nothing is sent until it is put right: restore it, or remove it to send the log"
            + " again from its beginning");
  }

  /// Writes a file beside its name and moves it there.
  ///
  /// @param durable whether it must survive a power cut
  static void replace(Path file, byte[] bytes, boolean durable) throws IOException {
    Path folder = folder(file);
    Path beside = folder.resolve(file.getFileName() + ".tmp");
    Files.deleteIfExists(beside);
    try (FileChannel channel =
        FileChannel.open(
            beside,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            mode(folder, "rw-------"))) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      while (in.hasRemaining()) {
        channel.write(in);
      }
      if (durable) {
        channel.force(true);
      }
    }
    try {
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(file + ": this file system cannot replace a file at once", e);
    }
    if (durable) {
      syncFolder(folder);
    }
  }

  /// Adds lines to a file, which is made if it is missing: all of them, or nothing that stays. Half
  /// a line that a crash left there does not spoil the first.
  static void append(Path file, byte[] bytes) throws IOException {
    Path folder = folder(file);
    boolean fresh = !Files.exists(file);
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            mode(folder, "rw-------"))) {
      long size = channel.size();
      ByteBuffer last = ByteBuffer.allocate(1);
      boolean torn = size > 0 && channel.read(last, size - 1) == 1 && last.get(0) != '\n';
      channel.position(size);
      try {
        if (torn) {
          channel.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining()) {
          channel.write(in);
        }
        channel.force(true);
      } catch (IOException e) {
        channel.truncate(size);
        throw e;
      }
    }
    if (fresh) {
      syncFolder(folder);
    }
  }

  /// Where a file lies; made if it is missing.
  private static Path folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + ": not a place for a file");
    }
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, mode(folder, "rwx------"));
    }
    return folder;
  }

  static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// The rights of a new file where the file system knows rights.
  static FileAttribute<?>[] mode(Path where, String rights) {
    if (!where.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> set = PosixFilePermissions.fromString(rights);
    return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(set)};
  }

  private static String digest(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
