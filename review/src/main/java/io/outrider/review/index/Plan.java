package io.outrider.review.index;

import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import io.outrider.review.query.Query;
import io.outrider.review.query.Term;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A query with its names looked up: goes through the log block by block.
final class Plan {
  private static final String ESCAPE = "!";

  private final Reader reader;
  private final List<Clause> clauses;
  private final long records;
  private long firstRecord;
  private long lastRecord;

  private Plan(Reader reader, long records) {
    this.reader = reader;
    this.records = records;
    this.clauses = new ArrayList<>();
    this.lastRecord = records - 1;
  }

  /// @param records how many records the index holds
  static Plan of(Reader reader, Query query, long records) throws SQLException {
    Plan plan = new Plan(reader, records);
    for (Term term : query.terms()) {
      Clause clause = plan.clause(term);
      if (clause instanceof Clause.InRange range && !term.negated()) {
        plan.narrow(range);
      }
      plan.clauses.add(term.negated() ? new Clause.Not(clause) : clause);
    }
    plan.clauses.sort((a, b) -> Boolean.compare(b.cheap(), a.cheap()));
    return plan;
  }

  /// First block that can hold something.
  long firstBlock() {
    return firstRecord / Bits.BLOCK;
  }

  /// Last block that can hold something; before the first if none can.
  long lastBlock() {
    return lastRecord < 0 ? -1 : lastRecord / Bits.BLOCK;
  }

  /// The entries of a block that fit.
  Bits fitting(long block) throws SQLException, DamagedIndexException {
    Bits left = new Bits();
    reader.bits(block, 0, Schema.ALL, left);
    for (Clause clause : clauses) {
      if (left.isEmpty()) {
        return left;
      }
      left.and(clause.fitting(reader, block, left));
    }
    return left;
  }

  private void narrow(Clause.InRange range) {
    long first = Long.MAX_VALUE;
    long last = -1;
    for (Clause.InRange.Range part : range.ranges()) {
      first = Math.min(first, part.first());
      last = Math.max(last, part.last());
    }
    firstRecord = Math.max(firstRecord, first);
    lastRecord = Math.min(lastRecord, last);
    if (firstRecord > lastRecord) {
      firstRecord = Bits.BLOCK;
      lastRecord = -1;
    }
  }

  private Clause clause(Term term) throws SQLException {
    return switch (term) {
      case Term.Names names -> names(names);
      case Term.Words words -> words(words);
      case Term.Between between ->
          new Clause.HasNumber(between.measure(), between.low(), between.high());
      case Term.Indices indices ->
          new Clause.InRange(List.of(new Clause.InRange.Range(indices.first(), indices.last())));
      case Term.Calls calls -> calls(calls);
    };
  }

  private Clause names(Term.Names names) throws SQLException {
    NameSet ids = new NameSet();
    int field = names.field().code();
    for (String pattern : names.patterns()) {
      if (names.field() == Field.OUTCOME) {
        // `failed` stands for all that begin with `failed.`.
        find("field = ? AND text GLOB ?", field, glob(pattern) + ".*", ids);
      }
      if (pattern.indexOf('*') >= 0) {
        find("field = ? AND text GLOB ?", field, glob(pattern), ids);
      } else {
        find("field = ? AND text = ?", field, Names.fit(pattern), ids);
      }
    }
    return new Clause.HasName(Map.of(field, ids));
  }

  private void find(String where, int field, String text, NameSet into) throws SQLException {
    try (PreparedStatement find =
        reader.connection().prepareStatement("SELECT id FROM name WHERE " + where)) {
      find.setInt(1, field);
      find.setString(2, text);
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          into.add(row.getInt(1));
        }
      }
    }
  }

  /// Everything but `*` stands for itself.
  private static String glob(String pattern) {
    return pattern.replace("[", "[[]").replace("?", "[?]");
  }

  private Clause words(Term.Words words) throws SQLException {
    Map<Integer, NameSet> byField = new HashMap<>();
    StringBuilder fields = new StringBuilder();
    for (Field field : Field.values()) {
      if (field.words()) {
        fields.append(fields.isEmpty() ? "" : ",").append(field.code());
      }
    }
    String like =
        "%"
            + words
                .text()
                .replace(ESCAPE, ESCAPE + ESCAPE)
                .replace("%", ESCAPE + "%")
                .replace("_", ESCAPE + "_")
            + "%";
    try (PreparedStatement find =
        reader
            .connection()
            .prepareStatement(
                "SELECT field, id FROM name WHERE field IN ("
                    + fields
                    + ") AND text LIKE ? ESCAPE '"
                    + ESCAPE
                    + "'")) {
      find.setString(1, like);
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          byField.computeIfAbsent(row.getInt(1), f -> new NameSet()).add(row.getInt(2));
        }
      }
    }
    return new Clause.HasName(byField);
  }

  private Clause calls(Term.Calls calls) throws SQLException {
    List<Clause.InRange.Range> ranges = new ArrayList<>();
    try (PreparedStatement find =
        reader.connection().prepareStatement("SELECT i FROM entry WHERE call = ?")) {
      for (String id : calls.ids()) {
        find.setObject(1, Names.callKey(id.toLowerCase(Locale.ROOT)));
        add(find, ranges);
        if (!id.equals(id.toLowerCase(Locale.ROOT))) {
          find.setObject(1, Names.callKey(id));
          add(find, ranges);
        }
      }
    }
    return new Clause.InRange(ranges);
  }

  private static void add(PreparedStatement find, List<Clause.InRange.Range> ranges)
      throws SQLException {
    try (ResultSet row = find.executeQuery()) {
      while (row.next()) {
        ranges.add(new Clause.InRange.Range(row.getLong(1), row.getLong(1)));
      }
    }
  }

  Column time(long block) throws SQLException, DamagedIndexException {
    return reader.numbers(block, Measure.TIME);
  }

  Reader reader() {
    return reader;
  }

  long records() {
    return records;
  }
}
