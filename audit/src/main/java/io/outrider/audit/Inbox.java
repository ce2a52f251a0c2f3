package io.outrider.audit;

import io.outrider.audit.format.CustodyEvent;
import io.outrider.audit.format.InboxNote;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.DamagedLogException;
import io.outrider.audit.store.LogInUseException;
import io.outrider.audit.store.LogStore;
import io.outrider.audit.store.NoteFiles;
import io.outrider.audit.store.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How a process that does not have the log open gets an event into it.
///
/// The event is left as a note in the log's `inbox/`, durably. Where a process has the log open, it
/// takes the note within about a second; where none has, this opens the log, which takes the note,
/// and closes it.
public final class Inbox {
  private static final Logger log = LoggerFactory.getLogger(Inbox.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  private Inbox() {}

  /// What became of an event.
  public sealed interface Recorded {
    /// It is in the log, durably.
    record Written(long index) implements Recorded {}

    /// It lies in the inbox, durably, for the process that has the log open, or else the next that
    /// opens it.
    ///
    /// @param note the id under which it will be found, as the fact `note`
    record Left(String note) implements Recorded {}

    /// It could not be recorded, and nothing was left.
    record NoAccess(String reason) implements Recorded {}

    /// Nobody can record it, and nothing was left: the folder is a copy of the log's, or is
    /// damaged, and stays as it is.
    record Frozen(String reason) implements Recorded {}
  }

  /// Records an event in the log in `directory`.
  ///
  /// @param event of a kind that a command may record
  public static Recorded record(Path directory, Event event) {
    return record(AuditOptions.in(directory), event);
  }

  /// Records an event in the log that `options` describe.
  ///
  /// @param event of a kind that a command may record
  /// @throws IllegalArgumentException if it is of another kind, or too large; of custody, if its
  ///   record would not hold all of it
  public static Recorded record(AuditOptions options, Event event) {
    if (CustodyEvent.kind(event.kind().slug()).isPresent()) {
      // The record would hold a part only of what somebody decided, and why.
      CustodyEvent.excess(event.fields())
          .ifPresent(why -> {
            throw new IllegalArgumentException(why);
          });
    }
    NoteFiles notes = new NoteFiles(options.files(), options.directory());
    InboxNote note = new InboxNote(InboxNote.id(event.time(), RANDOM.nextLong()), event);
    if (!notes.isWritersFolder()) {
      return new Recorded.Frozen(
          options.directory() + " is not where a log is written: it has no signing key");
    }
    try {
      if (Place.of(options.store(System::nanoTime)).isCopy()) {
        return new Recorded.Frozen(
            options.directory()
                + " is a copy of a log's folder, and what is signed here would contradict that log"
                + " (expected: the folder in which it is written; or Outrider started on this one)");
      }
    } catch (IOException e) {
      return new Recorded.NoAccess(options.directory() + ": " + e.getMessage());
    }
    try {
      notes.leave(note);
    } catch (IOException e) {
      return new Recorded.NoAccess(options.directory() + ": " + e.getMessage());
    }
    LogStore store;
    try {
      store = LogStore.open(options.store(System::nanoTime));
    } catch (LogInUseException e) {
      return new Recorded.Left(note.id());
    } catch (IOException e) {
      return takeBack(notes, note, e);
    }
    return take(store, options, note);
  }

  /// Once the log is open the note is not taken back, whatever fails: its record may be durable,
  /// and then the note is what makes the next process do what the record says.
  private static Recorded take(LogStore store, AuditOptions options, InboxNote note) {
    LoneWriter writer = new LoneWriter(store, options);
    try (store) {
      writer.run();
    } catch (IOException e) {
      log.atWarn()
          .setCause(e)
          .addKeyValue("note", note.id())
          .log("the audit log failed while a note was taken; what is left the next process does");
    }
    return writer.outcome(note);
  }

  /// A log that cannot be opened is somebody's evidence; nothing more is put into its folder.
  private static Recorded takeBack(NoteFiles notes, InboxNote note, IOException cause) {
    try {
      notes.remove(note);
      String reason = String.valueOf(cause.getMessage());
      return cause instanceof DamagedLogException
          ? new Recorded.Frozen(reason)
          : new Recorded.NoAccess(reason);
    } catch (IOException e) {
      return new Recorded.Left(note.id());
    }
  }
}
