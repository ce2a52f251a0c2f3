package io.outrider.review.sql;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a statement gave.
///
/// @param rows strings, longs, doubles, byte arrays or null
/// @param cut whether there was more, and why it is not here
public record SqlAnswer(List<String> columns, List<List<@Nullable Object>> rows, Cut cut) {
  /// Why an answer ends before its end.
  public enum Cut {
    /// It is whole.
    NONE,
    /// There are more rows than were asked for.
    ROWS,
    /// With the next row it would take more memory than an answer may.
    BYTES
  }
}
