package io.outrider.review.index;

import io.outrider.review.query.Measure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One reading connection with its statements. Within one transaction it sees one state of the
/// index, whatever is added meanwhile. Not thread-safe.
final class Reader implements AutoCloseable {
  private final Connection connection;
  private final PreparedStatement bits;
  private final PreparedStatement fieldBits;
  private final PreparedStatement numbers;
  private final PreparedStatement limits;
  private final PreparedStatement entry;
  private final PreparedStatement meta;

  Reader(Connection connection) throws SQLException {
    this.connection = connection;
    bits =
        connection.prepareStatement(
            "SELECT bits FROM posting WHERE block = ? AND field = ? AND name = ?");
    fieldBits =
        connection.prepareStatement("SELECT name, bits FROM posting WHERE block = ? AND field = ?");
    numbers = connection.prepareStatement("SELECT data FROM number WHERE id = ?");
    limits = connection.prepareStatement("SELECT low, high FROM number WHERE id = ?");
    entry = connection.prepareStatement("SELECT o FROM entry WHERE i = ?");
    meta = connection.prepareStatement("SELECT value FROM meta WHERE key = ?");
    connection.setAutoCommit(false);
  }

  /// What is done with each name of a field in a block.
  interface NameBits {
    void accept(int name, byte[] bits) throws DamagedIndexException;
  }

  Connection connection() {
    return connection;
  }

  /// Adds the positions of a name; nothing if it does not occur in the block.
  void bits(long block, int field, int name, Bits into) throws SQLException, DamagedIndexException {
    bits.setLong(1, block);
    bits.setInt(2, field);
    bits.setInt(3, name);
    try (ResultSet row = bits.executeQuery()) {
      if (row.next()) {
        into.add(row.getBytes(1));
      }
    }
  }

  void fieldBits(long block, int field, NameBits consumer)
      throws SQLException, DamagedIndexException {
    fieldBits.setLong(1, block);
    fieldBits.setInt(2, field);
    try (ResultSet row = fieldBits.executeQuery()) {
      while (row.next()) {
        consumer.accept(row.getInt(1), row.getBytes(2));
      }
    }
  }

  Column numbers(long block, Measure measure) throws SQLException, DamagedIndexException {
    numbers.setLong(1, BlockBuffer.numbersId(block, measure));
    try (ResultSet row = numbers.executeQuery()) {
      return Column.decode(row.next() ? row.getBytes(1) : new byte[0]);
    }
  }

  /// The smallest and the largest number of a block.
  ///
  /// @param low larger than `high` if there is none
  record Limits(long low, long high) {}

  Limits limits(long block, Measure measure) throws SQLException {
    limits.setLong(1, BlockBuffer.numbersId(block, measure));
    try (ResultSet row = limits.executeQuery()) {
      return row.next()
          ? new Limits(row.getLong(1), row.getLong(2))
          : new Limits(Long.MAX_VALUE, Column.NONE);
    }
  }

  /// Index of the outcome of an entry.
  OptionalLong outcome(long index) throws SQLException {
    entry.setLong(1, index);
    try (ResultSet row = entry.executeQuery()) {
      if (!row.next()) {
        return OptionalLong.empty();
      }
      long offset = row.getLong(1);
      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(index + offset);
    }
  }

  @Nullable String meta(String key) throws SQLException {
    meta.setString(1, key);
    try (ResultSet row = meta.executeQuery()) {
      return row.next() ? row.getString(1) : null;
    }
  }

  /// Lets go of the state that was seen.
  void end() throws SQLException {
    connection.rollback();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
