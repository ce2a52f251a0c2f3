package io.outrider.review.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteLimits;

/// Asks the index in SQL. The file is opened for reading only, other files cannot be attached, and
/// a statement ends after its time.
public final class SqlQuery {
  /// How often the clock is looked at, in steps of SQLite's machine: every few milliseconds.
  private static final int STEPS = 100_000;

  /// Largest value and statement; a statement must not fill the memory.
  private static final int MAX_LENGTH = 16 << 20;

  /// Most of one answer: a million rows of what people ask for, and a fraction of the usual heap.
  private static final long MAX_ANSWER = 64L << 20;

  /// What a value takes besides its characters: an object, and its place in a row.
  private static final int VALUE = 40;

  private final Path index;
  private final Duration time;
  private final LongSupplier nanos;

  /// @param time how long a statement may take
  public SqlQuery(Path index, Duration time) {
    this(index, time, System::nanoTime);
  }

  SqlQuery(Path index, Duration time, LongSupplier nanos) {
    this.index = index;
    this.time = time;
    this.nanos = nanos;
  }

  /// Runs one statement.
  ///
  /// @param limit most rows
  public SqlAnswer ask(String sql, int limit) throws SqlException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.enableLoadExtension(false);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + index)) {
      ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
      ((SQLiteConnection) connection).setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MAX_LENGTH);
      try (Statement statement = connection.createStatement()) {
        statement.execute("PRAGMA query_only = 1");
      }
      long began = nanos.getAsLong();
      ProgressHandler.setHandler(
          connection,
          STEPS,
          new ProgressHandler() {
            @Override
            protected int progress() {
              return nanos.getAsLong() - began > time.toNanos() ? 1 : 0;
            }
          });
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        return rows(statement, limit);
      } finally {
        ProgressHandler.clearHandler(connection);
      }
    } catch (SQLException e) {
      throw new SqlException(explain(e));
    }
  }

  private static SqlAnswer rows(PreparedStatement statement, int limit)
      throws SQLException, SqlException {
    if (!statement.execute()) {
      throw new SqlException("the statement gives no rows (expected: a SELECT)");
    }
    try (ResultSet result = statement.getResultSet()) {
      List<String> columns = new ArrayList<>();
      int count = result.getMetaData().getColumnCount();
      for (int i = 1; i <= count; i++) {
        columns.add(result.getMetaData().getColumnLabel(i));
      }
      List<List<@Nullable Object>> rows = new ArrayList<>();
      long bytes = 0;
      while (result.next()) {
        if (rows.size() == limit) {
          return new SqlAnswer(columns, rows, SqlAnswer.Cut.ROWS);
        }
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
          Object value = result.getObject(i);
          bytes += size(value);
          if (bytes > MAX_ANSWER) {
            return cut(columns, rows);
          }
          row.add(value);
        }
        rows.add(row);
      }
      return new SqlAnswer(columns, rows, SqlAnswer.Cut.NONE);
    }
  }

  private static SqlAnswer cut(List<String> columns, List<List<@Nullable Object>> rows)
      throws SqlException {
    if (rows.isEmpty()) {
      throw new SqlException(
          "the first row alone has more than %d MiB (expected: less; substr(column, 1, 200) makes values shorter)"
              .formatted(MAX_ANSWER >> 20));
    }
    return new SqlAnswer(columns, rows, SqlAnswer.Cut.BYTES);
  }

  private static long size(@Nullable Object value) {
    return VALUE
        + switch (value) {
          case String text -> 2L * text.length();
          case byte[] bytes -> bytes.length;
          case null, default -> 0;
        };
  }

  private String explain(SQLException e) {
    String message = String.valueOf(e.getMessage());
    if (e instanceof SQLiteException sqlite) {
      SQLiteErrorCode code = sqlite.getResultCode();
      if (code == SQLiteErrorCode.SQLITE_INTERRUPT) {
        return "stopped after "
            + time.toSeconds()
            + " s (a condition on record or time_ms makes a question quicker)";
      }
      if ((code.code & 0xff) == SQLiteErrorCode.SQLITE_READONLY.code) {
        return "nothing can be changed here (expected: a SELECT)";
      }
    }
    // "[SQLITE_ERROR] SQL error or missing database (no such column: x)": the part in brackets says
    // it.
    int open = message.indexOf('(');
    int close = message.lastIndexOf(')');
    String inner = open >= 0 && close > open ? message.substring(open + 1, close) : message;
    return inner.toLowerCase(Locale.ROOT).startsWith("no such table")
        ? inner + " (there are: calls, events)"
        : inner;
  }
}
