package io.outrider.audit;

import io.outrider.audit.format.InboxNote;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.LogStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does what people ask of the log by notes in its inbox: records the event, and removes the note
/// once the record is durable. A note is recorded at least once, whatever happens, and twice only
/// if the machine dies at an unlucky moment; the record holds the note's id. Used by the publishing
/// side.
final class Custodian {
  private static final Logger log = LoggerFactory.getLogger(AuditLog.class);

  /// Notes taken in one look; more wait for the next.
  private static final int MAX_TAKEN = 64;

  private final LogStore store;
  private final InstantSource clock;
  private final Scribe scribe;
  private final Map<String, InboxNote> underway = new HashMap<>();
  private final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final Runnable wake;
  private boolean complained;

  /// Records an event durably, and says when and where.
  interface Scribe {
    void record(Event event, AppendListener listener);
  }

  /// What became of an event.
  private sealed interface Told {
    record Durable(InboxNote note, long index) implements Told {}

    record Failed(InboxNote note, AuditUnavailable reason) implements Told {}
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

  /// Takes new notes, and finishes those that are recorded. An inbox that cannot be read is no
  /// reason to stop the log: what is in it stays.
  ///
  /// @return where notes were recorded that are finished now, by id
  Map<String, Long> look() {
    Map<String, Long> finished = new HashMap<>();
    try {
      finish(finished);
      for (InboxNote note : store.notes().waiting(MAX_TAKEN, clock.instant())) {
        take(note);
      }
      finish(finished);
      complained = false;
    } catch (IOException e) {
      if (!complained) {
        complained = true;
        log.atWarn().setCause(e).log("notes for the audit log cannot be taken; they stay");
      }
    }
    return finished;
  }

  private void take(InboxNote note) {
    if (underway.putIfAbsent(note.id(), note) != null) {
      return;
    }
    OptionalLong already = store.recorded(note);
    if (already.isPresent()) {
      told.add(new Told.Durable(note, already.getAsLong()));
      return;
    }
    scribe.record(
        note.recorded(clock.instant()),
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            told.add(new Told.Durable(note, receipt.index()));
            wake.run();
          }

          @Override
          public void failed(AuditUnavailable reason) {
            told.add(new Told.Failed(note, reason));
          }
        });
  }

  private void finish(Map<String, Long> finished) throws IOException {
    for (Told next = told.peek(); next != null; next = told.peek()) {
      switch (next) {
        case Told.Durable(InboxNote note, long index) -> {
          store.notes().remove(note);
          underway.remove(note.id());
          finished.put(note.id(), index);
        }
        // It stays in the inbox, for the next look or the next process.
        case Told.Failed(InboxNote note, AuditUnavailable reason) -> underway.remove(note.id());
      }
      told.remove();
    }
  }
}
