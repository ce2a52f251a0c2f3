package io.outrider.review.index;

import io.outrider.review.log.Digests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Numbers for texts, given out once and for all. Not thread-safe.
final class Names implements AutoCloseable {
  /// Longer texts are kept by their beginning and a hash: nobody searches for more, and a client
  /// that sends long names must not make the index grow.
  static final int MAX_TEXT = 512;

  private static final int KEPT_OF_LONG = 400;

  /// A busy log has some thousands of names; sessions come and go.
  private static final int CACHED = 1 << 16;

  /// Larger than any code of a field.
  private static final int LAST = 128;

  private final PreparedStatement find;
  private final PreparedStatement insert;

  /// By field.
  private final List<Map<String, Integer>> ids = new ArrayList<>();

  private int cached;

  /// By field: most names are that of the record before.
  private final @Nullable String[] lastTexts = new String[LAST];

  private final int[] lastIds = new int[LAST];
  private int next;

  Names(Connection connection) throws SQLException {
    for (int field = 0; field < LAST; field++) {
      ids.add(new HashMap<>());
    }
    find = connection.prepareStatement("SELECT id FROM name WHERE field = ? AND text = ?");
    insert = connection.prepareStatement("INSERT INTO name(id, field, text) VALUES(?, ?, ?)");
    try (PreparedStatement last = connection.prepareStatement("SELECT max(id) FROM name");
        ResultSet row = last.executeQuery()) {
      next = row.next() ? row.getInt(1) + 1 : 1;
    }
  }

  /// The text under which a name is kept.
  static String fit(String text) {
    if (text.length() <= MAX_TEXT) {
      return text;
    }
    int end =
        Character.isHighSurrogate(text.charAt(KEPT_OF_LONG - 1)) ? KEPT_OF_LONG - 1 : KEPT_OF_LONG;
    String hash = Digests.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    return text.substring(0, end) + "\u2026" + hash;
  }

  /// A call id as it is kept: a UUID in lower case as its 16 bytes, anything else as it is.
  static Object callKey(String callId) {
    if (callId.length() == 36) {
      try {
        UUID uuid = UUID.fromString(callId);
        if (uuid.toString().equals(callId)) {
          return ByteBuffer.allocate(16)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array();
        }
      } catch (IllegalArgumentException e) {
        // Not a UUID; kept as text.
        return callId;
      }
    }
    return callId;
  }

  int id(int field, String text) throws SQLException {
    if (text.equals(lastTexts[field])) {
      return lastIds[field];
    }
    String kept = fit(text);
    Integer known = ids.get(field).get(kept);
    int id = known == null ? fromFile(field, kept) : known;
    lastTexts[field] = kept;
    lastIds[field] = id;
    return id;
  }

  private int fromFile(int field, String text) throws SQLException {
    int id;
    find.setInt(1, field);
    find.setString(2, text);
    try (ResultSet row = find.executeQuery()) {
      id = row.next() ? row.getInt(1) : 0;
    }
    if (id == 0) {
      id = next++;
      insert.setInt(1, id);
      insert.setInt(2, field);
      insert.setString(3, text);
      insert.executeUpdate();
    }
    if (cached == CACHED) {
      ids.forEach(Map::clear);
      cached = 0;
    }
    ids.get(field).put(text, id);
    cached++;
    return id;
  }

  @Override
  public void close() throws SQLException {
    find.close();
    insert.close();
  }
}
