package io.outrider.review.index;

import io.outrider.audit.verify.LogEntry;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds records to the index. An outcome goes to the entry of its intent; both mostly come within
/// one batch, so that most entries are written once. Not thread-safe.
final class IndexWriter implements AutoCloseable {
  private final Connection connection;
  private final Names names;
  private final BlockBuffer blocks;
  private final PreparedStatement insert;
  private final PreparedStatement close;

  /// Entries of this batch that may still get an outcome, by index.
  private final Map<Long, Entry> open = new LinkedHashMap<>();

  /// Larger than any code of a field.
  private static final int LAST_FIELD =
      Arrays.stream(Field.values()).mapToInt(Field::code).max().orElse(0) + 1;

  private long lastTime;

  /// @param names numbers of the first name of each field; 0 for none
  /// @param outcomeNames the same of the outcome
  private record Entry(
      Facts facts,
      @Nullable String text,
      int[] names,
      @Nullable Facts outcome,
      int[] outcomeNames) {}

  private static final int[] NO_NAMES = new int[0];

  IndexWriter(Connection connection) throws SQLException {
    this.connection = connection;
    names = new Names(connection);
    blocks = new BlockBuffer(connection);
    insert =
        connection.prepareStatement(
            "INSERT INTO entry(i, kind, t, call, sub, up, meth, tool, verdict, rules, why, sid, cli,"
                + " pol, wait, red, ev, facts, o, out, us, bytes, err)"
                + " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    close =
        connection.prepareStatement(
            "UPDATE entry SET o = ? - i, out = ?, us = ?, bytes = ?, err = ?,"
                + " red = CASE WHEN ? > 0 THEN coalesce(red, 0) + ? ELSE red END"
                + " WHERE i = ? AND call = ? AND kind = 0 AND o IS NULL");
  }

  /// Begins a batch at a file that holds the first `records` records.
  void begin(long records) {
    open.clear();
    blocks.reset(records);
  }

  void add(LogEntry record) throws SQLException, DamagedIndexException {
    Facts facts = Facts.of(record.index(), record.leaf());
    // A record without a readable time gets that of the record before: the order of the log is what
    // counts, and a search by time must not pass it over.
    lastTime = facts.numbers().computeIfAbsent(Measure.TIME, time -> lastTime);
    int[] first = new int[LAST_FIELD];
    if (facts.kind() == Facts.Kind.OUTCOME && close(facts, first)) {
      index(facts.intent(), facts, false, first);
    } else {
      boolean event = facts.kind() == Facts.Kind.EVENT;
      open.put(
          facts.index(),
          new Entry(facts, event ? Facts.factsText(record.leaf()) : null, first, null, NO_NAMES));
      index(facts.index(), facts, true, first);
    }
    if (blocks.isFull()) {
      blocks.flush();
    }
  }

  /// Gives the outcome to its intent; false if there is none.
  ///
  /// @param first where the numbers of its names will stand
  private boolean close(Facts outcome, int[] first) throws SQLException {
    long intent = outcome.intent();
    Entry entry = open.get(intent);
    if (entry != null) {
      if (!fits(entry, outcome)) {
        return false;
      }
      open.put(intent, new Entry(entry.facts(), entry.text(), entry.names(), outcome, first));
      return true;
    }
    if (intent < 0 || outcome.callId() == null) {
      return false;
    }
    close.setLong(1, outcome.index());
    name(close, 2, outcome, Field.OUTCOME);
    number(close, 3, outcome, Measure.LATENCY);
    number(close, 4, outcome, Measure.BYTES);
    name(close, 5, outcome, Field.ERROR);
    long redactions = outcome.numbers().getOrDefault(Measure.REDACTIONS, 0L);
    close.setLong(6, redactions);
    close.setLong(7, redactions);
    close.setLong(8, intent);
    close.setObject(9, Names.callKey(outcome.callId()));
    return close.executeUpdate() == 1;
  }

  private static boolean fits(Entry entry, Facts outcome) {
    return entry.facts().kind() == Facts.Kind.INTENT
        && entry.outcome() == null
        && entry.facts().callId() != null
        && entry.facts().callId().equals(outcome.callId());
  }

  /// @param entry whether the facts begin an entry, or complete the one at `index`
  /// @param first takes the numbers of the first name of each field
  private void index(long index, Facts facts, boolean entry, int[] first)
      throws SQLException, DamagedIndexException {
    if (entry) {
      blocks.add(index, 0, Schema.ALL);
    }
    for (Map.Entry<Field, List<String>> words : facts.words().entrySet()) {
      if (!entry && (words.getKey() == Field.KIND || words.getKey() == Field.RUN)) {
        // The entry is an intent, of its own run.
        continue;
      }
      int field = words.getKey().code();
      for (String text : words.getValue()) {
        int id = names.id(field, text);
        if (first[field] == 0) {
          first[field] = id;
        }
        blocks.add(index, field, id);
      }
    }
    for (Map.Entry<Measure, Long> number : facts.numbers().entrySet()) {
      if (entry || number.getKey() != Measure.TIME) {
        blocks.put(index, number.getKey(), number.getValue());
      }
    }
  }

  /// Writes the batch and says what the index holds now. The caller commits.
  void flush(Map<String, String> meta) throws SQLException, DamagedIndexException {
    for (Entry entry : open.values()) {
      row(entry);
      insert.addBatch();
    }
    insert.executeBatch();
    open.clear();
    blocks.flush();
    try (PreparedStatement put =
        connection.prepareStatement("INSERT OR REPLACE INTO meta(key, value) VALUES(?, ?)")) {
      for (Map.Entry<String, String> entry : meta.entrySet()) {
        put.setString(1, entry.getKey());
        put.setString(2, entry.getValue());
        put.executeUpdate();
      }
    }
  }

  private void row(Entry entry) throws SQLException {
    Facts facts = entry.facts();
    Facts outcome = entry.outcome();
    Facts end = outcome == null ? facts : outcome;
    int[] own = entry.names();
    int[] last = outcome == null ? own : entry.outcomeNames();
    int at = 1;
    insert.setLong(at++, facts.index());
    insert.setInt(at++, facts.kind().code());
    number(insert, at++, facts, Measure.TIME);
    insert.setObject(at++, facts.callId() == null ? null : Names.callKey(facts.callId()));
    known(at++, own, Field.USER);
    known(at++, own, Field.UPSTREAM);
    known(at++, own, Field.METHOD);
    known(at++, own, Field.TOOL);
    known(at++, own, Field.VERDICT);
    shown(at++, facts, Schema.Shown.RULES);
    shown(at++, facts, Schema.Shown.REASONS);
    known(at++, own, Field.SESSION);
    known(at++, own, Field.CLIENT);
    known(at++, own, Field.POLICY);
    number(insert, at++, facts, Measure.WAIT);
    long redactions =
        facts.numbers().getOrDefault(Measure.REDACTIONS, 0L)
            + (outcome == null ? 0 : outcome.numbers().getOrDefault(Measure.REDACTIONS, 0L));
    if (redactions == 0) {
      insert.setNull(at++, Types.INTEGER);
    } else {
      insert.setLong(at++, redactions);
    }
    known(at++, own, Field.EVENT);
    insert.setString(at++, entry.text());
    if (outcome == null) {
      insert.setNull(at++, Types.INTEGER);
    } else {
      insert.setLong(at++, outcome.index() - facts.index());
    }
    known(at++, last, Field.OUTCOME);
    number(insert, at++, end, Measure.LATENCY);
    number(insert, at++, end, Measure.BYTES);
    known(at, last, Field.ERROR);
  }

  private void known(int at, int[] first, Field field) throws SQLException {
    int id = first[field.code()];
    if (id == 0) {
      insert.setNull(at, Types.INTEGER);
    } else {
      insert.setInt(at, id);
    }
  }

  private void name(PreparedStatement statement, int at, Facts facts, Field field)
      throws SQLException {
    String text = facts.first(field);
    if (text == null) {
      statement.setNull(at, Types.INTEGER);
    } else {
      statement.setInt(at, names.id(field.code(), text));
    }
  }

  private void shown(int at, Facts facts, Schema.Shown shown) throws SQLException {
    String text = facts.joined(shown.field());
    if (text == null) {
      insert.setNull(at, Types.INTEGER);
    } else {
      insert.setInt(at, names.id(shown.code(), text));
    }
  }

  private static void number(PreparedStatement statement, int at, Facts facts, Measure measure)
      throws SQLException {
    Long number = facts.numbers().get(measure);
    if (number == null) {
      statement.setNull(at, Types.INTEGER);
    } else {
      statement.setLong(at, number);
    }
  }

  @Override
  public void close() throws SQLException {
    names.close();
    blocks.close();
    insert.close();
    close.close();
  }
}
