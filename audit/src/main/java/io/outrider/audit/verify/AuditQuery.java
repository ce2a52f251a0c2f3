package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/// Goes through a log from its beginning and hands over what fits a [Filter], in order, without
/// holding more than one bundle.
public final class AuditQuery {
  private final Filter filter;
  private final Set<String> foundCalls = new HashSet<>();

  private AuditQuery(Filter filter) {
    this.filter = filter;
  }

  /// Hands the records of `source` that fit to `found`, until it says false or the log ends.
  ///
  /// @param from the first record to look at
  /// @return how many records were handed over
  /// @throws FormatException if what is there is not a log
  public static long run(LogSource source, long from, Filter filter, Predicate<LogEntry> found)
      throws IOException, FormatException {
    AuditQuery query = new AuditQuery(filter);
    AuditTail tail = new AuditTail(source, from);
    long count = 0;
    for (List<LogEntry> entries = tail.poll(); !entries.isEmpty(); entries = tail.poll()) {
      for (LogEntry entry : entries) {
        if (query.fits(entry.leaf())) {
          count++;
          if (!found.test(entry)) {
            return count;
          }
        }
      }
    }
    return count;
  }

  /// Whether a filter lets a record through that is followed on its own, such as in a tail.
  public static Predicate<LogEntry> matcher(Filter filter) {
    AuditQuery query = new AuditQuery(filter);
    return entry -> query.fits(entry.leaf());
  }

  private boolean fits(Leaf leaf) {
    if (!filter.asksForCallFacts()) {
      return filter.fitsRest(leaf);
    }
    String callId = leaf.text("call").orElse("");
    return switch (leaf.kind()) {
      case "intent" -> {
        boolean fits = filter.fitsCallFacts(leaf);
        if (fits) {
          // Remembered until its outcome comes, which may fit where the intent itself does not.
          foundCalls.add(callId);
        }
        yield fits && filter.fitsRest(leaf);
      }
      case "outcome" -> foundCalls.remove(callId) && filter.fitsRest(leaf);
      case "refusal" -> filter.fitsCallFacts(leaf) && filter.fitsRest(leaf);
      default -> false;
    };
  }
}
