package io.outrider.review.log;

import io.outrider.audit.verify.LogEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The records that were read from the journal last, so that whoever follows a log need not search
/// its journal for each of them. Thread-safe.
public final class Recent {
  /// A second of a busy log; some megabytes.
  private static final int KEPT = 4_096;

  private final Map<Long, LogEntry> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, LogEntry> eldest) {
          return size() > KEPT;
        }
      };

  /// Keeps a record that no checkpoint covers yet.
  public synchronized void add(LogEntry entry) {
    entries.put(entry.index(), entry);
  }

  public synchronized void clear() {
    entries.clear();
  }

  synchronized @Nullable LogEntry get(long index) {
    return entries.get(index);
  }
}
