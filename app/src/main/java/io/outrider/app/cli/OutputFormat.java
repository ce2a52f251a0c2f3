package io.outrider.app.cli;

/// How results are printed.
enum OutputFormat {
  /// For people.
  pretty,
  /// One JSON document, or one for each line where results stream.
  json
}
