package io.outrider.audit;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/// Acknowledgements of one group commit, one task for each executor. Filled by the writer, then
/// sent and forgotten.
final class Acks {
  private final Map<Executor, Group> groups = new IdentityHashMap<>();

  void add(Pending pending, long index) {
    groups.computeIfAbsent(pending.ackOn(), executor -> new Group()).add(pending.listener(), index);
  }

  boolean isEmpty() {
    return groups.isEmpty();
  }

  void durable() {
    groups.forEach((executor, group) -> Pending.run(executor, group::durable));
    groups.clear();
  }

  void failed(AuditUnavailable reason) {
    groups.forEach((executor, group) -> Pending.run(executor, () -> group.failed(reason)));
    groups.clear();
  }

  private static final class Group {
    private AppendListener[] listeners = new AppendListener[8];
    private long[] indices = new long[8];
    private int count;

    void add(AppendListener listener, long index) {
      if (count == indices.length) {
        listeners = Arrays.copyOf(listeners, count * 2);
        indices = Arrays.copyOf(indices, count * 2);
      }
      listeners[count] = listener;
      indices[count++] = index;
    }

    void durable() {
      for (int i = 0; i < count; i++) {
        Pending.tell(listeners[i], new Receipt(indices[i]));
      }
    }

    void failed(AuditUnavailable reason) {
      for (int i = 0; i < count; i++) {
        Pending.tell(listeners[i], reason);
      }
    }
  }
}
