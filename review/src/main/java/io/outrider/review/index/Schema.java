package io.outrider.review.index;

import io.outrider.review.query.Field;
import java.util.List;

/// The tables of the index.
///
/// `posting` says for each block of 16,384 records where a name occurs, `number` holds one number
/// for each of them; both are blobs that only this package reads. `entry` has one row for each call
/// or event and is there for SQL, through the views `calls` and `events`.
final class Schema {
  private Schema() {}

  /// Raised with every change of what is kept or how.
  static final int VERSION = 2;

  /// Marks the file as ours in SQLite's header: "OutR".
  static final int APPLICATION_ID = 0x4f757452;

  /// Name id under which all entries stand.
  static final int ALL = 0;

  static List<String> statements() {
    return List.of(
        "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID",
        "CREATE TABLE name(id INTEGER PRIMARY KEY, field INTEGER NOT NULL, text TEXT NOT NULL)",
        "CREATE UNIQUE INDEX name_text ON name(field, text)",
        "CREATE TABLE posting(block INTEGER, field INTEGER, name INTEGER, bits BLOB NOT NULL,"
            + " PRIMARY KEY(block, field, name)) WITHOUT ROWID",
        "CREATE TABLE number(id INTEGER PRIMARY KEY, low INTEGER NOT NULL, high INTEGER NOT NULL,"
            + " data BLOB NOT NULL)",
        "CREATE TABLE entry(i INTEGER PRIMARY KEY, kind INTEGER, t INTEGER, call, sub INTEGER,"
            + " up INTEGER, meth INTEGER, tool INTEGER, verdict INTEGER, rules INTEGER,"
            + " why INTEGER, sid INTEGER, cli INTEGER, pol INTEGER, wait INTEGER, red INTEGER,"
            + " ev INTEGER, facts TEXT, o INTEGER, out INTEGER, us INTEGER, bytes INTEGER,"
            + " err INTEGER)",
        "CREATE INDEX entry_call ON entry(call) WHERE call IS NOT NULL",
        calls(),
        events());
  }

  /// A call, its intent or refusal and its outcome, as one row.
  private static String calls() {
    return "CREATE VIEW calls AS SELECT e.i AS record, e.i + e.o AS outcome_record,"
        + " strftime('%Y-%m-%dT%H:%M:%fZ', e.t / 1000.0, 'unixepoch') AS time,"
        + " e.t AS time_ms, "
        + callText("e.call")
        + " AS call, sub.text AS user, up.text AS upstream, meth.text AS method,"
        + " tool.text AS tool, verdict.text AS verdict, out.text AS outcome, rules.text AS rules,"
        + " why.text AS reasons, sid.text AS session, cli.text AS client, pol.text AS policy,"
        + " e.us / 1000.0 AS latency_ms, e.wait / 1000.0 AS wait_ms,"
        + " coalesce(e.red, 0) AS redactions, e.bytes AS bytes, err.text AS error"
        + " FROM entry e"
        + join("sub")
        + join("up")
        + join("meth")
        + join("tool")
        + join("verdict")
        + join("out")
        + join("rules")
        + join("why")
        + join("sid")
        + join("cli")
        + join("pol")
        + join("err")
        + " WHERE e.kind IN ("
        + Facts.Kind.INTENT.code()
        + ", "
        + Facts.Kind.REFUSAL.code()
        + ")";
  }

  private static String events() {
    return "CREATE VIEW events AS SELECT e.i AS record,"
        + " strftime('%Y-%m-%dT%H:%M:%fZ', e.t / 1000.0, 'unixepoch') AS time,"
        + " e.t AS time_ms, ev.text AS event, e.facts AS facts FROM entry e"
        + join("ev")
        + " WHERE e.kind = "
        + Facts.Kind.EVENT.code();
  }

  private static String join(String column) {
    return " LEFT JOIN name " + column + " ON " + column + ".id = e." + column;
  }

  /// A UUID is kept as its 16 bytes.
  private static String callText(String column) {
    String hex = "lower(hex(" + column + "))";
    return "CASE typeof("
        + column
        + ") WHEN 'blob' THEN substr("
        + hex
        + ",1,8)||'-'||substr("
        + hex
        + ",9,4)||'-'||substr("
        + hex
        + ",13,4)||'-'||substr("
        + hex
        + ",17,4)||'-'||substr("
        + hex
        + ",21) ELSE "
        + column
        + " END";
  }

  /// Codes of names that are only shown, not searched: several words in one text.
  enum Shown {
    RULES(101, Field.RULE),
    REASONS(102, Field.REASON);

    private final int code;
    private final Field field;

    Shown(int code, Field field) {
      this.code = code;
      this.field = field;
    }

    int code() {
      return code;
    }

    Field field() {
      return field;
    }
  }
}
