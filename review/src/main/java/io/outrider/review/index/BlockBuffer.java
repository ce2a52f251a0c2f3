package io.outrider.review.index;

import io.outrider.review.query.Measure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What was added to the blocks since the last flush. Not thread-safe.
final class BlockBuffer implements AutoCloseable {
  /// Blocks that change at one time: the last ones, and those of calls whose outcome came late.
  private static final int MAX_BLOCKS = 8;

  /// Sets of positions at one time, some 100 bytes each: hostile names may all differ.
  private static final int MAX_POSTINGS = 1 << 18;

  private final PreparedStatement findBits;
  private final PreparedStatement putBits;
  private final PreparedStatement findNumbers;
  private final PreparedStatement putNumbers;
  private final Map<Long, Block> blocks = new TreeMap<>();

  /// First block that has nothing in the file yet.
  private long firstNew;

  private int postings;

  private static final class Block {
    /// By field and name.
    private final Map<Long, Positions> postings = new HashMap<>();

    private final Map<Measure, Column> columns = new EnumMap<>(Measure.class);
    private final Set<Measure> changed = EnumSet.noneOf(Measure.class);
  }

  BlockBuffer(Connection connection) throws SQLException {
    findBits =
        connection.prepareStatement(
            "SELECT bits FROM posting WHERE block = ? AND field = ? AND name = ?");
    putBits =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO posting(block, field, name, bits) VALUES(?, ?, ?, ?)");
    findNumbers = connection.prepareStatement("SELECT data FROM number WHERE id = ?");
    putNumbers =
        connection.prepareStatement(
            "INSERT OR REPLACE INTO number(id, low, high, data) VALUES(?, ?, ?, ?)");
  }

  /// Begins again at a file that holds the first `records` records.
  void reset(long records) {
    blocks.clear();
    postings = 0;
    firstNew = (records + Bits.BLOCK - 1) / Bits.BLOCK;
  }

  static long numbersId(long block, Measure measure) {
    return block * 16 + measure.code();
  }

  void add(long index, int field, int name) {
    block(index)
        .postings
        .computeIfAbsent(
            ((long) field << Integer.SIZE) | name,
            key -> {
              postings++;
              return new Positions();
            })
        .add((int) (index % Bits.BLOCK));
  }

  void put(long index, Measure measure, long value) throws SQLException, DamagedIndexException {
    Block block = block(index);
    Column column = column(block, index / Bits.BLOCK, measure);
    int position = (int) (index % Bits.BLOCK);
    if (measure == Measure.REDACTIONS) {
      // The request and the answer each have some.
      column.increase(position, value);
    } else {
      column.set(position, value);
    }
    block.changed.add(measure);
  }

  private Block block(long index) {
    return blocks.computeIfAbsent(index / Bits.BLOCK, number -> new Block());
  }

  private Column column(Block block, long number, Measure measure)
      throws SQLException, DamagedIndexException {
    Column column = block.columns.get(measure);
    if (column == null) {
      column = new Column();
      if (number < firstNew) {
        findNumbers.setLong(1, numbersId(number, measure));
        try (ResultSet row = findNumbers.executeQuery()) {
          if (row.next()) {
            column = Column.decode(row.getBytes(1));
          }
        }
      }
      block.columns.put(measure, column);
    }
    return column;
  }

  boolean isFull() {
    return blocks.size() > MAX_BLOCKS || postings > MAX_POSTINGS;
  }

  void flush() throws SQLException, DamagedIndexException {
    for (Map.Entry<Long, Block> entry : blocks.entrySet()) {
      long number = entry.getKey();
      Block block = entry.getValue();
      // In the order of the table.
      for (Map.Entry<Long, Positions> posting : new TreeMap<>(block.postings).entrySet()) {
        flush(number, posting.getKey(), posting.getValue());
      }
      for (Measure measure : block.changed) {
        putNumbers.setLong(1, numbersId(number, measure));
        Column column = column(block, number, measure);
        putNumbers.setLong(2, column.low());
        putNumbers.setLong(3, column.high());
        putNumbers.setBytes(4, column.encode());
        putNumbers.addBatch();
      }
      firstNew = Math.max(firstNew, number + 1);
    }
    putBits.executeBatch();
    putNumbers.executeBatch();
    blocks.clear();
    postings = 0;
  }

  private void flush(long block, long key, Positions positions)
      throws SQLException, DamagedIndexException {
    int field = (int) (key >>> Integer.SIZE);
    int name = (int) key;
    byte[] before = new byte[0];
    if (block < firstNew) {
      findBits.setLong(1, block);
      findBits.setInt(2, field);
      findBits.setInt(3, name);
      try (ResultSet row = findBits.executeQuery()) {
        if (row.next()) {
          before = row.getBytes(1);
        }
      }
    }
    putBits.setLong(1, block);
    putBits.setInt(2, field);
    putBits.setInt(3, name);
    putBits.setBytes(4, positions.encode(before));
    putBits.addBatch();
  }

  @Override
  public void close() throws SQLException {
    findBits.close();
    putBits.close();
    findNumbers.close();
    putNumbers.close();
  }
}
