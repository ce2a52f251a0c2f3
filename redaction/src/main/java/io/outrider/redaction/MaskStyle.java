package io.outrider.redaction;

/// What stands in the place of a masked string.
public enum MaskStyle {
  /// `[REDACTED:rule-id]`.
  LABEL,
  /// `[REDACTED:rule-id:1234]`, the last four characters kept, for values of at least 16
  /// characters; shorter ones get the label.
  KEEP_LAST_4,
  /// As many `*` as the value had bytes.
  SAME_LENGTH,
  /// An `a`, `A` or `0` for each letter and digit, what stands between them kept: a key still looks
  /// like a key of its kind. It shows the most of a value, and does not look masked; for where a
  /// schema takes nothing else.
  SAME_SHAPE
}
