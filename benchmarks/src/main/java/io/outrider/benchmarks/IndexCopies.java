package io.outrider.benchmarks;

import io.outrider.audit.format.Sha256;
import io.outrider.audit.verify.AuditTail;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.UUID;
import org.sqlite.Function;

/// Makes a large index out of a small one: copies what stands in it for one period of a
/// [GeneratedLog] to all later ones. Knows how the index is kept, so that a search over many
/// millions of records can be measured without reading them all first.
final class IndexCopies {
  private static final int BLOCK = 1 << 14;
  private static final int CODES = 16;
  private static final int TIME = 1;

  private IndexCopies() {}

  /// Fills the index in `file`, which holds one period, up to `records`, a multiple of it.
  static void fill(Path file, GeneratedLog log, long records) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      Function.create(
          connection,
          "call_key",
          new Function() {
            @Override
            protected void xFunc() throws SQLException {
              UUID id = UUID.fromString(GeneratedLog.callId(value_long(0) / 2));
              result(
                  ByteBuffer.allocate(16)
                      .putLong(id.getMostSignificantBits())
                      .putLong(id.getLeastSignificantBits())
                      .array());
            }
          });
      connection.setAutoCommit(false);
      for (long copy = 1; copy < records / GeneratedLog.PERIOD; copy++) {
        copy(connection, copy);
        connection.commit();
      }
      meta(connection, log, records);
      connection.commit();
    }
  }

  private static void copy(Connection connection, long copy) throws SQLException {
    long blocks = GeneratedLog.PERIOD / BLOCK;
    long millis = copy * GeneratedLog.PERIOD / 2 * GeneratedLog.MILLIS_PER_CALL;
    long index = copy * GeneratedLog.PERIOD;
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO posting SELECT block + "
              + copy * blocks
              + ", field, name, bits FROM posting WHERE block < "
              + blocks);
      statement.executeUpdate(
          "INSERT INTO entry SELECT i + "
              + index
              + ", kind, t + "
              + millis
              + ", call_key(i + "
              + index
              + "), sub, up, meth, tool, verdict, rules, why, sid, cli, pol, wait, red, ev, facts,"
              + " o, out, us, bytes, err FROM entry WHERE i < "
              + GeneratedLog.PERIOD);
    }
    try (PreparedStatement from =
            connection.prepareStatement("SELECT id, low, high, data FROM number WHERE id < ?");
        PreparedStatement to =
            connection.prepareStatement(
                "INSERT INTO number(id, low, high, data) VALUES(?, ?, ?, ?)")) {
      from.setLong(1, blocks * CODES);
      try (ResultSet row = from.executeQuery()) {
        while (row.next()) {
          long id = row.getLong(1);
          boolean time = id % CODES == TIME;
          byte[] data = row.getBytes(4);
          if (time) {
            ByteBuffer.wrap(data).putLong(1, ByteBuffer.wrap(data).getLong(1) + millis);
          }
          to.setLong(1, id + copy * blocks * CODES);
          to.setLong(2, row.getLong(2) + (time ? millis : 0));
          to.setLong(3, row.getLong(3) + (time ? millis : 0));
          to.setBytes(4, data);
          to.addBatch();
        }
      }
      to.executeBatch();
    }
  }

  private static void meta(Connection connection, GeneratedLog log, long records) throws Exception {
    byte[] last = new AuditTail(log, records - 1).poll().getFirst().leaf().bytes();
    try (PreparedStatement put =
            connection.prepareStatement("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)");
        Statement statement = connection.createStatement()) {
      put.setString(1, "records");
      put.setString(2, Long.toString(records));
      put.executeUpdate();
      put.setString(1, "last");
      put.setString(2, HexFormat.of().formatHex(Sha256.of(last)));
      put.executeUpdate();
      // The tree of these records was never built.
      statement.executeUpdate("DELETE FROM meta WHERE key IN ('origin', 'size', 'root')");
    }
  }
}
