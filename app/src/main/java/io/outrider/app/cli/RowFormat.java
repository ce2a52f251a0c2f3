package io.outrider.app.cli;

/// How rows are printed.
enum RowFormat {
  /// For people.
  table,
  /// One JSON array.
  json,
  /// One JSON object a line.
  jsonl,
  csv,
  /// One event of the Open Cybersecurity Schema Framework a line.
  ocsf
}
