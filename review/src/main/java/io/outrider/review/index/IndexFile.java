package io.outrider.review.index;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// The file of the index and how it is opened.
final class IndexFile {
  /// Bitmaps of a block fit into a page of this size without overflow.
  private static final int PAGE = 16_384;

  private static final int WRITER_CACHE_KIB = 32_768;
  private static final int READER_CACHE_KIB = 16_384;

  /// Another process may be writing a batch.
  private static final int BUSY_MILLIS = 30_000;

  private final Path path;

  IndexFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /// Opens for writing, and makes the tables where there are none.
  ///
  /// @throws DamagedIndexException if there is another thing at this place, or an older schema
  Connection writer() throws IOException, SQLException {
    makePrivate();
    boolean fresh = !Files.exists(path) || Files.size(path) == 0;
    SQLiteConfig config = config(WRITER_CACHE_KIB);
    config.setPageSize(PAGE);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    Connection connection = config.createConnection("jdbc:sqlite:" + path);
    try (Statement statement = connection.createStatement()) {
      if (fresh) {
        create(connection, statement);
      }
      int version = number(statement, "PRAGMA user_version");
      int application = number(statement, "PRAGMA application_id");
      if (version != Schema.VERSION || application != Schema.APPLICATION_ID) {
        throw new DamagedIndexException(
            "schema " + version + " (expected: " + Schema.VERSION + ")");
      }
      return connection;
    } catch (SQLException | IOException e) {
      connection.close();
      throw e;
    }
  }

  /// The index says of every record what the log says, so nobody may read it who may not read the
  /// log. SQLite gives the files beside it the same mode.
  private void makePrivate() throws IOException {
    Path folder = Objects.requireNonNull(path.toAbsolutePath().getParent(), "folder of the index");
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder);
      return;
    }
    Files.createDirectories(folder, mode("rwx------"));
    if (!Files.exists(path)) {
      try {
        Files.createFile(path, mode("rw-------"));
      } catch (FileAlreadyExistsException _) {
        // Another process was first, and made it as we would have.
      }
    }
  }

  private static FileAttribute<?> mode(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }

  private static void create(Connection connection, Statement statement) throws SQLException {
    connection.setAutoCommit(false);
    // Another process may have been first.
    if (number(statement, "PRAGMA user_version") == 0) {
      for (String sql : Schema.statements()) {
        statement.executeUpdate(sql);
      }
      statement.executeUpdate("PRAGMA application_id = " + Schema.APPLICATION_ID);
      statement.executeUpdate("PRAGMA user_version = " + Schema.VERSION);
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private static int number(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  /// Opens for reading; nothing can be written through it.
  Connection reader() throws SQLException {
    SQLiteConfig config = config(READER_CACHE_KIB);
    config.setReadOnly(true);
    return config.createConnection("jdbc:sqlite:" + path);
  }

  private static SQLiteConfig config(int cacheKib) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(BUSY_MILLIS);
    config.setCacheSize(-cacheKib);
    return config;
  }

  /// What tells this file from another of the same name; null if there is none, or the file system
  /// knows no such thing.
  @Nullable Object key() throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  void delete() throws IOException {
    for (String suffix : new String[] {"", "-wal", "-shm"}) {
      Files.deleteIfExists(Path.of(path + suffix));
    }
  }

  /// The problem as the callers of this package know it.
  static IOException problem(SQLException e) {
    if (e instanceof SQLiteException sqlite) {
      int primary = sqlite.getResultCode().code & 0xff;
      if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code
          || primary == SQLiteErrorCode.SQLITE_NOTADB.code
          || String.valueOf(e.getMessage()).contains("no such table")) {
        return new DamagedIndexException(String.valueOf(e.getMessage()), e);
      }
    }
    return new IOException("index: " + e.getMessage(), e);
  }
}
