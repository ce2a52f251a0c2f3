package io.outrider.review.index;

import io.outrider.audit.format.FormatException;
import java.util.List;
import java.util.Optional;

/// Part of what a search found, in its order.
///
/// @param damaged what fits as well and cannot be read from the log any more
/// @param next where to go on; empty if there is no more
/// @param records how many records of the log were searched
public record Page(List<Row> rows, List<Damaged> damaged, Optional<Cursor> next, long records) {

  public Page {
    rows = List.copyOf(rows);
    damaged = List.copyOf(damaged);
  }

  /// All rows, for what must not leave one out.
  ///
  /// @throws FormatException if one cannot be read, with its number
  public List<Row> whole() throws FormatException {
    if (!damaged.isEmpty()) {
      throw new FormatException(damaged.getFirst().toString());
    }
    return rows;
  }

  /// A call or event that the index knows and the log cannot give.
  ///
  /// @param index of its record
  /// @param why what is wrong with the log there
  public record Damaged(long index, String why) {
    @Override
    public String toString() {
      return "record " + index + " cannot be read: " + why;
    }
  }

  /// A place in a search that stays what it is while the log grows: the index of the last row that
  /// was given.
  public record Cursor(long after) {

    /// Reads what [#toString] wrote.
    ///
    /// @throws IllegalArgumentException if it is no cursor
    public static Cursor parse(String text) {
      if (!text.matches("r\\d{1,18}")) {
        throw new IllegalArgumentException(
            "cursor: \"" + text + "\" (expected: the one a page ended with, such as r1234)");
      }
      return new Cursor(Long.parseLong(text.substring(1)));
    }

    @Override
    public String toString() {
      return "r" + after;
    }
  }

  /// Which end of the log comes first.
  public enum Order {
    NEWEST,
    OLDEST
  }
}
