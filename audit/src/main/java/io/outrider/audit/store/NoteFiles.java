package io.outrider.audit.store;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.InboxNote;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log's inbox: notes that other processes leave for the writer. A note that cannot be read as
/// one is set aside in `quarantine/`, with a word in the operator's log. Used by one thread at a
/// time.
public final class NoteFiles {
  private static final Logger log = LoggerFactory.getLogger(NoteFiles.class);

  /// A note that is still being written after this time belongs to a process that died.
  private static final Duration ABANDONED = Duration.ofHours(1);

  private final Folder folder;

  /// Files in the inbox that could not be read, each of which was told of.
  private final Set<String> unreadable = new HashSet<>();

  public NoteFiles(FileOps files, Path directory) {
    this.folder = new Folder(files, directory);
  }

  /// Whether this is the folder of a log that can be written: one with its signing key.
  public boolean isWritersFolder() {
    return folder.files().exists(folder.signingKey());
  }

  /// Leaves a note. After this it survives a crash.
  ///
  /// @throws IOException if it could not be left; then it is not there
  public void leave(InboxNote note) throws IOException {
    Path file = folder.inbox().resolve(note.fileName());
    try {
      folder.replace(file, note.bytes());
      if (!folder.files().sameOwner(file, folder.signingKey())) {
        throw new IOException(
            "this user is not the one whom the log belongs to (expected: the command run as that user)");
      }
    } catch (IOException e) {
      try {
        folder.files().delete(file);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }

  /// Ids of the notes that wait.
  List<String> ids() throws IOException {
    return folder.files().list(folder.inbox()).stream()
        .flatMap(name -> InboxNote.id(name).stream())
        .toList();
  }

  /// The notes that wait, oldest first, at most `limit`. What is not a note is set aside; what
  /// cannot be read stays, and keeps no other from being taken.
  public List<InboxNote> waiting(int limit, Instant now) throws IOException {
    List<InboxNote> notes = new ArrayList<>();
    List<String> names = folder.files().list(folder.inbox());
    unreadable.retainAll(names);
    for (String name : names) {
      if (notes.size() == limit) {
        break;
      }
      try {
        if (Folder.isTemporary(name) && !unfinished(name).isEmpty()) {
          dropAbandoned(name, now);
        } else {
          read(name, notes);
        }
      } catch (IOException e) {
        if (unreadable.add(name)) {
          log.atWarn()
              .setCause(e)
              .addKeyValue("file", "inbox/" + name)
              .log("a note for the audit log cannot be read or set aside; it stays");
        }
      }
    }
    return notes;
  }

  private void read(String name, List<InboxNote> notes) throws IOException {
    try {
      byte[] bytes = folder.readSmall(folder.inbox().resolve(name), InboxNote.MAX_BYTES);
      InboxNote note = InboxNote.parse(bytes);
      if (!note.fileName().equals(name)) {
        throw new FormatException("note: calls itself " + note.id());
      }
      notes.add(note);
    } catch (NoSuchFileException | FileNotFoundException e) {
      log.atDebug()
          .addKeyValue("note", name)
          .log("a note is gone again"); // taken back by its writer
    } catch (FormatException e) {
      setAside(name, String.valueOf(e.getMessage()));
    }
  }

  /// Takes a file out of the inbox that no record can be made of, and keeps it.
  public void setAside(String name, String why) throws IOException {
    Path kept = folder.quarantine("inbox-" + name);
    // Whatever lies there is evidence, too.
    for (int i = 1; folder.files().exists(kept); i++) {
      kept = folder.quarantine("inbox-" + name + "." + i);
    }
    folder.files().createDirectories(Folder.parent(kept));
    folder.files().rename(folder.inbox().resolve(name), kept);
    folder.files().forceDirectory(Folder.parent(kept));
    folder.files().forceDirectory(folder.inbox());
    log.atWarn()
        .addKeyValue("file", "quarantine/" + kept.getFileName())
        .addKeyValue("reason", why)
        .log("a note for the audit log could not be taken and was set aside");
  }

  /// The id of a note that is being written; empty if it is none.
  private static String unfinished(String temporary) {
    return InboxNote.id(temporary.substring(0, temporary.length() - Folder.TEMPORARY.length()))
        .orElse("");
  }

  private void dropAbandoned(String name, Instant now) throws IOException {
    if (Long.parseLong(unfinished(name), 0, 12, 16) < now.minus(ABANDONED).toEpochMilli()) {
      folder.files().delete(folder.inbox().resolve(name));
    }
  }

  /// Removes a note whose record is durable.
  public void remove(InboxNote note) throws IOException {
    folder.files().delete(folder.inbox().resolve(note.fileName()));
    folder.files().forceDirectory(folder.inbox());
  }

  /// Whether a note still waits.
  public boolean waits(InboxNote note) {
    return folder.files().exists(folder.inbox().resolve(note.fileName()));
  }
}
