package io.outrider.review.index;

import io.outrider.review.query.Measure;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A term of a query as the index answers it: which positions of a block fit.
sealed interface Clause {

  /// Looks at one block.
  ///
  /// @param candidates what is left of the block; a clause may look at these alone
  /// @return the positions that fit, maybe with some that are no candidates
  Bits fitting(Reader reader, long block, Bits candidates)
      throws SQLException, DamagedIndexException;

  /// Whether the clause can tell without reading much.
  default boolean cheap() {
    return true;
  }

  /// What does not fit another.
  record Not(Clause clause) implements Clause {
    @Override
    public Bits fitting(Reader reader, long block, Bits candidates)
        throws SQLException, DamagedIndexException {
      Bits rest = new Bits();
      rest.setRange(0, Bits.BLOCK);
      rest.andNot(clause.fitting(reader, block, candidates));
      return rest;
    }

    @Override
    public boolean cheap() {
      return clause.cheap();
    }
  }

  /// Has one of these names.
  ///
  /// @param byField ids of names by field
  record HasName(Map<Integer, NameSet> byField) implements Clause {
    public HasName {
      byField = new TreeMap<>(byField);
    }

    @Override
    public Bits fitting(Reader reader, long block, Bits candidates)
        throws SQLException, DamagedIndexException {
      Bits fitting = new Bits();
      for (Map.Entry<Integer, NameSet> field : byField.entrySet()) {
        NameSet names = field.getValue();
        if (names.isFew()) {
          for (int name : names.list()) {
            reader.bits(block, field.getKey(), name, fitting);
          }
        } else {
          reader.fieldBits(
              block,
              field.getKey(),
              (name, bits) -> {
                if (names.contains(name)) {
                  fitting.add(bits);
                }
              });
        }
      }
      return fitting;
    }

    @Override
    public boolean cheap() {
      return byField.values().stream().allMatch(NameSet::isFew);
    }
  }

  /// Has a number in a range.
  record HasNumber(Measure measure, long low, long high) implements Clause {
    @Override
    public Bits fitting(Reader reader, long block, Bits candidates)
        throws SQLException, DamagedIndexException {
      Reader.Limits limits = reader.limits(block, measure);
      if (limits.low() > high || limits.high() < low) {
        return new Bits();
      }
      if (measure == Measure.TIME && limits.low() >= low && limits.high() <= high) {
        // Every entry has a time.
        return candidates.copy();
      }
      Bits kept = new Bits();
      reader.numbers(block, measure).keepBetween(low, high, candidates, kept);
      return kept;
    }

    @Override
    public boolean cheap() {
      return false;
    }
  }

  /// Stands in one of these ranges of the log.
  record InRange(List<Range> ranges) implements Clause {
    public InRange {
      ranges = List.copyOf(ranges);
    }

    /// From one index to another, both included.
    record Range(long first, long last) {}

    @Override
    public Bits fitting(Reader reader, long block, Bits candidates) {
      Bits fitting = new Bits();
      long begin = block * Bits.BLOCK;
      for (Range range : ranges) {
        long from = Math.max(0, range.first() - begin);
        long to = Math.min(Bits.BLOCK - 1L, range.last() - begin);
        if (from <= to) {
          fitting.setRange((int) from, (int) to + 1);
        }
      }
      return fitting;
    }
  }
}
