package io.outrider.audit;

import io.outrider.audit.AuditUnavailable.Reason;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run of the log for nothing but its inbox, in the process of a command: start, what the notes
/// say, stop. One thread, no queue.
final class LoneWriter implements Custodian.Scribe {
  private final LogStore store;
  private final AuditOptions options;
  private final Chores counts;
  private final Map<String, Long> finished = new HashMap<>();
  private @Nullable IOException failure;

  LoneWriter(LogStore store, AuditOptions options) {
    this.store = store;
    this.options = options;
    this.counts = new Chores(options.clock(), System::nanoTime, options.heartbeatInterval());
  }

  /// Takes what is in the inbox.
  void run() throws IOException {
    write(event(Event.Kind.START, Map.of("durability", "group", "for", "inbox")));
    Custodian custodian = new Custodian(store, options.clock(), this, () -> {});
    boolean moving = true;
    while (moving) {
      Map<String, Long> some = custodian.look();
      finished.putAll(some);
      if (failure != null) {
        throw failure;
      }
      store.publish(); // what is dropped must be allowed under a checkpoint
      moving = !some.isEmpty() || custodian.isBusy();
    }
    write(event(Event.Kind.STOP, counts.counters(0)));
    store.publish();
  }

  /// What became of a note, also if the run failed.
  Inbox.Recorded outcome(InboxNote note) {
    Long index = finished.get(note.id());
    return index == null ? new Inbox.Recorded.Left(note.id()) : new Inbox.Recorded.Written(index);
  }

  @Override
  public void record(Event event, AppendListener listener) {
    long index = store.nextIndex();
    try {
      write(event);
      counts.count(event);
      listener.durable(new Receipt(index));
    } catch (IOException e) {
      failure = e;
      listener.failed(new AuditUnavailable(Reason.FAILED, String.valueOf(e.getMessage())));
    }
  }

  private Event event(Event.Kind kind, Map<String, String> facts) {
    return new Event(kind, options.clock().instant(), facts);
  }

  private void write(Event event) throws IOException {
    store.add(event);
    store.write();
    store.sync();
  }
}
