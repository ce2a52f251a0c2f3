package io.outrider.audit;

import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what people ask of the log by notes in its inbox: records the event, does the work it
/// speaks of, and removes the note. Used by the publishing side.
///
/// The order makes it safe to die anywhere: the record is durable before anything is erased (and
/// under a checkpoint before anything is dropped), and the note stays until all is done; the next
/// process finds it and goes on. A note is recorded at least once, whatever happens, and twice only
/// if the machine dies at an unlucky moment; the record holds the note's id.
final class Custodian {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// Notes taken in one look; more wait for the next.
  private static final int MAX_TAKEN = 64;

  /// Bundles dropped in one look: some tens of milliseconds, so that checkpoints keep coming.
  private static final int MAX_DROPPED = 2_000;

  private final LogStore store;
  private final InstantSource clock;
  private final Scribe scribe;
  private final Runnable wake;
  private final Map<String, InboxNote> underway = new HashMap<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final List<Task> tasks = new ArrayList<>();
  private @Nullable InboxNote custody;
  private boolean complained;

  /// Records an event durably, and says when and where.
  interface Scribe {
    void record(Event event, AppendListener listener);
  }

  /// What became of an event.
  private sealed interface Told {
    record Durable(InboxNote note, CustodyEvent event) implements Told {}

    record Failed(InboxNote note) implements Told {}
  }

  /// A record that is durable, and the work that is left of it.
  private static final class Task {
    final InboxNote note;
    final CustodyEvent event;
    boolean failed;
    long next = -1;
    long bytes;

    Task(InboxNote note, CustodyEvent event) {
      this.note = note;
      this.event = event;
    }
  }

  /// @param wake called from any thread when [#look] has something to do
  Custodian(LogStore store, InstantSource clock, Scribe scribe, Runnable wake) {
    this.store = store;
    this.clock = clock;
    this.scribe = scribe;
    this.wake = wake;
  }

  /// Whether a record of a note became durable since the last look.
  boolean isCalled() {
    return !told.isEmpty();
  }

  /// Whether work is left that another look can do.
  boolean isBusy() {
    return !complained && tasks.stream().anyMatch(task -> !task.failed);
  }

  /// Takes new notes, and finishes those that are recorded. What cannot be done now is no reason to
  /// stop the log: the note stays.
  ///
  /// @return where notes were recorded that are finished now, by id
  Map<String, Long> look() {
    Map<String, Long> finished = new HashMap<>();
    try {
      hear();
      work(finished);
      List<InboxNote> waiting = new ArrayList<>(store.notes().waiting(MAX_TAKEN, clock.instant()));
      // What is recorded already is in force, whatever the clocks said that named the notes.
      waiting.sort(Comparator.comparing(note -> store.recorded(note).isEmpty()));
      for (InboxNote note : waiting) {
        if (!underway.containsKey(note.id())) {
          tryToTake(note);
        }
      }
      hear();
      work(finished);
      if (underway.isEmpty()) {
        store.endErasing();
      }
    } catch (IOException e) {
      complain(e);
    }
    return finished;
  }

  private void complain(IOException e) {
    if (!complained) {
      complained = true;
      log.atWarn().setCause(e).log("notes for the audit log cannot be taken; they stay");
    }
  }

  /// One note that cannot be judged keeps no other from being taken.
  private void tryToTake(InboxNote note) {
    try {
      take(note);
    } catch (IOException e) {
      forget(note);
      complain(e);
    }
  }

  /// Begins with a note. Those that change what the log keeps go one after the other, each judged
  /// by all before it.
  private void take(InboxNote note) throws IOException {
    boolean changes = CustodyEvent.kind(note.event().kind().slug()).isPresent();
    if (changes && custody != null) {
      return;
    }
    underway.put(note.id(), note);
    if (changes) {
      custody = note;
    }
    Optional<Leaf> already = store.recorded(note);
    if (already.isPresent()) {
      told.add(new Told.Durable(note, event(note, already.get())));
      return;
    }
    Event event = note.recorded(clock.instant());
    if (changes) {
      Optional<String> refusal =
          store.custody().refusal(event, store.syncedSize(), store.fullSize());
      if (refusal.isPresent()) {
        Map<String, String> facts = new TreeMap<>(event.fields());
        facts.put(CustodyEvent.REFUSED, refusal.get());
        event = new Event(event.kind(), event.time(), facts);
      } else if (event.kind() == Event.Kind.REDACT) {
        store.beginErasing(number(event, CustodyEvent.RECORD) + 1);
      } else if (event.kind() == Event.Kind.PRUNE) {
        store.beginErasing(number(event, CustodyEvent.MINIMUM));
      }
    }
    record(note, event);
  }

  private static long number(Event event, String fact) {
    return event(event, 0).number(fact).orElseThrow();
  }

  private void record(InboxNote note, Event event) {
    scribe.record(
        event,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            told.add(new Told.Durable(note, event(event, receipt.index())));
            wake.run();
          }

          @Override
          public void failed(AuditUnavailable reason) {
            told.add(new Told.Failed(note));
          }
        });
  }

  private static CustodyEvent event(InboxNote note, Leaf recorded) {
    return CustodyEvent.of(recorded).orElseGet(() -> event(note.event(), recorded.index()));
  }

  private static CustodyEvent event(Event event, long index) {
    return CustodyEvent.kind(event.kind().slug()).isPresent()
        ? CustodyEvent.recorded(event, index)
        : new CustodyEvent(index, event.kind(), event.fields());
  }

  private void hear() {
    for (Told next = told.poll(); next != null; next = told.poll()) {
      switch (next) {
        case Told.Durable(InboxNote note, CustodyEvent event) -> tasks.add(new Task(note, event));
        // It stays in the inbox, for the next look or the next process.
        case Told.Failed(InboxNote note) -> forget(note);
      }
    }
  }

  private void forget(InboxNote note) {
    underway.remove(note.id());
    if (note.equals(custody)) {
      custody = null;
    }
  }

  private void work(Map<String, Long> finished) {
    for (Iterator<Task> all = tasks.iterator(); all.hasNext(); ) {
      Task task = all.next();
      try {
        if (isDone(task)) {
          if (task.note.equals(custody)) {
            store.remember(task.event);
          }
          store.notes().remove(task.note);
          all.remove();
          forget(task.note);
          finished.put(task.note.id(), task.event.index());
        }
      } catch (IOException e) {
        // Tried again at the next look; and by the next process, if this one does not get it done.
        if (!task.failed) {
          task.failed = true;
          log.atError()
              .setCause(e)
              .addKeyValue("record", task.event.index())
              .log("what this record of the audit log says could not be done yet");
        }
      }
    }
  }

  private boolean isDone(Task task) throws IOException {
    if (!task.event.wasDone()) {
      return true;
    }
    return switch (task.event.kind()) {
      case REDACT -> {
        String field = task.event.facts().get(CustodyEvent.FIELD);
        long index = task.event.number(CustodyEvent.RECORD).orElseThrow();
        store.erase(index, kept -> field == null || field.equals(kept));
        log.atInfo()
            .addKeyValue("record", index)
            .addKeyValue("by_record", task.event.index())
            .log("values of an audit record erased");
        yield true;
      }
      case PRUNE -> isDropped(task);
      default -> true;
    };
  }

  private boolean isDropped(Task task) throws IOException {
    if (store.publishedSize() <= task.event.index()) {
      return false; // nobody could tell yet that it was allowed
    }
    long minimum = task.event.number(CustodyEvent.MINIMUM).orElseThrow();
    long from = task.next < 0 ? Math.min(store.custody().minimum(), minimum) : task.next;
    LogStore.Dropped dropped = store.drop(from, minimum, MAX_DROPPED);
    task.next = dropped.next();
    task.bytes += dropped.bytes();
    if (task.next < minimum) {
      return false;
    }
    log.atInfo()
        .addKeyValue("minimum", minimum)
        .addKeyValue("by_record", task.event.index())
        .addKeyValue("bytes_freed", task.bytes)
        .log("old audit records dropped");
    return true;
  }
}
