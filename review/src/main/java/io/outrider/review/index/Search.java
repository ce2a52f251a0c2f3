package io.outrider.review.index;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.LogEntry;
import io.outrider.review.log.Records;
import io.outrider.review.query.Field;
import io.outrider.review.query.Measure;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Answers questions from one state of the index, and reads from the log what they found.
final class Search {
  /// More buckets than any screen has columns.
  static final int MAX_BUCKETS = 2_000;

  private static final String EVENTS = "event";

  private final Plan plan;

  Search(Plan plan) {
    this.plan = plan;
  }

  Plan plan() {
    return plan;
  }

  Page page(Records records, Page.@Nullable Cursor cursor, Page.Order order, int limit)
      throws IOException, FormatException, SQLException {
    boolean newest = order == Page.Order.NEWEST;
    List<Long> found = new ArrayList<>();
    long after = cursor != null ? cursor.after() : newest ? Long.MAX_VALUE : -1;
    long block =
        newest
            ? Math.min(plan.lastBlock(), after / Bits.BLOCK)
            : Math.max(plan.firstBlock(), (after + 1) / Bits.BLOCK);
    // One more than asked for tells whether there is a next page.
    for (; found.size() <= limit && inLog(block); block += newest ? -1 : 1) {
      collect(block, plan.fitting(block), after, newest, limit + 1, found);
    }
    Optional<Page.Cursor> next =
        found.size() > limit
            ? Optional.of(new Page.Cursor(found.get(limit - 1)))
            : Optional.empty();
    List<Row> rows = new ArrayList<>();
    List<Page.Damaged> damaged = new ArrayList<>();
    for (long index : found.subList(0, Math.min(limit, found.size()))) {
      try {
        rows.add(row(records, index));
      } catch (DamagedIndexException e) {
        throw e;
      } catch (IOException | FormatException e) {
        // Somebody who looks into a damaged log must see the rest of it, and where it is damaged.
        damaged.add(new Page.Damaged(index, String.valueOf(e.getMessage())));
      }
    }
    return new Page(rows, damaged, next, plan.records());
  }

  private boolean inLog(long block) {
    return block >= plan.firstBlock() && block <= plan.lastBlock();
  }

  private static void collect(
      long block, Bits fitting, long after, boolean newest, int limit, List<Long> found) {
    long begin = block * Bits.BLOCK;
    if (newest) {
      int from = (int) Math.min(Bits.BLOCK - 1L, after - 1 - begin);
      for (int i = fitting.previous(from);
          i >= 0 && found.size() < limit;
          i = fitting.previous(i - 1)) {
        found.add(begin + i);
      }
    } else {
      int from = (int) Math.max(0, after + 1 - begin);
      for (int i = fitting.next(from); i >= 0 && found.size() < limit; i = fitting.next(i + 1)) {
        found.add(begin + i);
      }
    }
  }

  /// The row as the log has it; the index only says where.
  private Row row(Records records, long index) throws IOException, FormatException, SQLException {
    Optional<LogEntry> entry = records.read(index);
    OptionalLong outcome = plan.reader().outcome(index);
    if (entry.isEmpty()) {
      throw new DamagedIndexException("a row for record " + index + ", which is not in the log");
    }
    if (outcome.isEmpty()) {
      return Row.of(entry.get(), null);
    }
    Optional<LogEntry> end = records.read(outcome.getAsLong());
    if (end.isEmpty()
        || !end.get().leaf().kind().equals("outcome")
        || !Objects.equals(end.get().leaf().text("call"), entry.get().leaf().text("call"))) {
      throw new DamagedIndexException(
          "record " + outcome.getAsLong() + " as the outcome of " + index);
    }
    return Row.of(entry.get(), end.get());
  }

  Optional<Timeline> timeline(Records records, String callId)
      throws IOException, FormatException, SQLException {
    List<Long> indices = new ArrayList<>();
    try (PreparedStatement find =
        plan.reader()
            .connection()
            .prepareStatement("SELECT i FROM entry WHERE call = ? ORDER BY i")) {
      find.setObject(1, Names.callKey(callId));
      try (ResultSet rows = find.executeQuery()) {
        while (rows.next()) {
          indices.add(rows.getLong(1));
        }
      }
    }
    if (indices.isEmpty()) {
      return Optional.empty();
    }
    TreeMap<Long, LogEntry> all = new TreeMap<>();
    Row first = row(records, indices.getFirst());
    for (long index : indices) {
      Row row = row(records, index);
      if (!Objects.equals(row.callId(), callId)) {
        throw new DamagedIndexException("record " + index + " as one of call " + callId);
      }
      all.put(index, row.entry());
      row.end().ifPresent(end -> all.put(end.index(), end));
    }
    return Optional.of(new Timeline(first, List.copyOf(all.values())));
  }

  long count() throws SQLException, DamagedIndexException {
    long count = 0;
    for (long block = plan.firstBlock(); block <= plan.lastBlock(); block++) {
      count += plan.fitting(block).count();
    }
    return count;
  }

  /// Counts over the span of time in which something fits, or that was asked for.
  List<Bucket> histogram(@Nullable Instant from, @Nullable Instant until, int buckets)
      throws SQLException, DamagedIndexException {
    long low = from != null ? from.toEpochMilli() : Long.MAX_VALUE;
    long high = until != null ? until.toEpochMilli() - 1 : Column.NONE;
    if (from == null || until == null) {
      for (long block = plan.firstBlock(); block <= plan.lastBlock(); block++) {
        Reader.Limits limits = plan.reader().limits(block, Measure.TIME);
        low = from != null ? low : Math.min(low, limits.low());
        high = until != null ? high : Math.max(high, limits.high());
      }
    }
    if (low > high) {
      return List.of();
    }
    long width = Math.max(1, (high - low) / buckets + 1);
    Map<String, Integer> verdicts = names(Field.VERDICT);
    Map<String, long[]> counts = new TreeMap<>();
    for (long block = plan.firstBlock(); block <= plan.lastBlock(); block++) {
      Reader.Limits limits = plan.reader().limits(block, Measure.TIME);
      if (limits.low() > high || limits.high() < low) {
        continue;
      }
      Bits rest = plan.fitting(block);
      if (rest.isEmpty()) {
        continue;
      }
      Column time = plan.time(block);
      for (Map.Entry<String, Integer> verdict : verdicts.entrySet()) {
        Bits of = new Bits();
        plan.reader().bits(block, Field.VERDICT.code(), verdict.getValue(), of);
        of.and(rest);
        rest.andNot(of);
        spread(time, of, low, high, width, row(counts, verdict.getKey(), buckets));
      }
      spread(time, rest, low, high, width, row(counts, EVENTS, buckets));
    }
    List<Bucket> result = new ArrayList<>();
    for (int i = 0; i < buckets && low + i * width <= high; i++) {
      Map<String, Long> bucket = new TreeMap<>();
      for (Map.Entry<String, long[]> count : counts.entrySet()) {
        if (count.getValue()[i] > 0) {
          bucket.put(count.getKey(), count.getValue()[i]);
        }
      }
      result.add(
          new Bucket(
              Instant.ofEpochMilli(low + i * width),
              Instant.ofEpochMilli(low + (i + 1) * width),
              bucket));
    }
    return result;
  }

  private static long[] row(Map<String, long[]> counts, String name, int buckets) {
    return counts.computeIfAbsent(name, n -> new long[buckets]);
  }

  private static void spread(
      Column time, Bits positions, long low, long high, long width, long[] counts) {
    positions.forEach(position -> {
      long at = time.get(position);
      if (at >= low && at <= high) {
        counts[(int) ((at - low) / width)]++;
      }
    });
  }

  /// How a number is distributed over what fits.
  Distribution distribution(Measure measure) throws SQLException, DamagedIndexException {
    Distribution distribution = new Distribution();
    for (long block = plan.firstBlock(); block <= plan.lastBlock(); block++) {
      Reader.Limits limits = plan.reader().limits(block, measure);
      if (limits.low() > limits.high()) {
        continue;
      }
      Bits fitting = plan.fitting(block);
      if (!fitting.isEmpty()) {
        Column column = plan.reader().numbers(block, measure);
        fitting.forEach(position -> {
          if (column.get(position) != Column.NONE) {
            distribution.add(column.get(position));
          }
        });
      }
    }
    return distribution;
  }

  private Map<String, Integer> names(Field field) throws SQLException {
    Map<String, Integer> names = new TreeMap<>();
    try (PreparedStatement find =
        plan.reader().connection().prepareStatement("SELECT text, id FROM name WHERE field = ?")) {
      find.setInt(1, field.code());
      try (ResultSet row = find.executeQuery()) {
        while (row.next()) {
          names.put(row.getString(1), row.getInt(2));
        }
      }
    }
    return names;
  }

  /// The values of a field that most of what fits has.
  List<Facet> facets(Field field, int limit) throws SQLException, DamagedIndexException {
    Map<Integer, long[]> counts = new HashMap<>();
    for (long block = plan.firstBlock(); block <= plan.lastBlock(); block++) {
      Bits fitting = plan.fitting(block);
      if (!fitting.isEmpty()) {
        plan.reader()
            .fieldBits(
                block,
                field.code(),
                (name, bits) -> {
                  int count = fitting.countCommon(bits);
                  if (count > 0) {
                    counts.computeIfAbsent(name, n -> new long[1])[0] += count;
                  }
                });
      }
    }
    List<Map.Entry<Integer, long[]>> most = new ArrayList<>(counts.entrySet());
    most.sort(
        Comparator.comparingLong((Map.Entry<Integer, long[]> e) -> -e.getValue()[0])
            .thenComparing(Map.Entry::getKey));
    List<Facet> facets = new ArrayList<>();
    try (PreparedStatement find =
        plan.reader().connection().prepareStatement("SELECT text FROM name WHERE id = ?")) {
      for (Map.Entry<Integer, long[]> entry : most.subList(0, Math.min(limit, most.size()))) {
        find.setInt(1, entry.getKey());
        try (ResultSet row = find.executeQuery()) {
          if (row.next()) {
            facets.add(new Facet(row.getString(1), entry.getValue()[0]));
          }
        }
      }
    }
    return facets;
  }
}
