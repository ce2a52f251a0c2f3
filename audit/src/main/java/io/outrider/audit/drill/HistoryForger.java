package io.outrider.audit.drill;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.NoteFile;
import io.outrider.audit.format.SignedNote;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What can be done with the checkpoints of the past that a log keeps: change them, or put the log
/// back to one of them, which takes no key.
final class HistoryForger {
  private HistoryForger() {}

  static List<Tampering> all() {
    return List.of(
        new Tampering("history-changed", false, "a kept checkpoint", HistoryForger::changed),
        new Tampering(
            "put-back", false, "a kept checkpoint that is not the last", HistoryForger::putBack));
  }

  /// A note in a file of the history, at byte `at`.
  private record Kept(String path, int at, byte[] note, Checkpoint checkpoint) {}

  private static Optional<Tampered> changed(Specimen log, RandomGenerator random)
      throws FormatException {
    List<Kept> kept = kept(log);
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Kept note = kept.get(random.nextInt(kept.size()));
    byte[] file = log.log().file(note.path()).clone();
    // The root is the third line.
    int root = note.at() + note.checkpoint().text().lastIndexOf('\n', rootEnd(note) - 1) + 1;
    file[root] = (byte) (file[root] == 'A' ? 'B' : 'A');
    return Tampered.of(
        "put another root into the kept checkpoint of " + note.checkpoint().size() + " records",
        log,
        log.log().with(note.path(), file));
  }

  private static int rootEnd(Kept note) {
    return note.checkpoint().text().length() - 1;
  }

  private static Optional<Tampered> putBack(Specimen log, RandomGenerator random)
      throws FormatException {
    List<Kept> older =
        kept(log).stream()
            .filter(note -> note.checkpoint().size() > 0 && note.checkpoint().size() < log.size())
            .toList();
    if (older.isEmpty()) {
      return Optional.empty();
    }
    Kept note = older.get(random.nextInt(older.size()));
    int size = (int) note.checkpoint().size();
    MemoryLog back = log.log().without(Specimen.JOURNAL);
    for (String history : Specimen.HISTORIES) {
      back = back.without(history + "/");
    }
    return Optional.of(
        new Tampered(
            "put everything back to the checkpoint of " + size + " records",
            Tree.in(back, log.entries().subList(0, size), size)
                .with(Specimen.CHECKPOINT, note.note())
                .with(Specimen.SIGNED, note.note()),
            log.key(),
            List.of(log.note())));
  }

  private static List<Kept> kept(Specimen log) throws FormatException {
    List<Kept> kept = new ArrayList<>();
    for (String path : log.log().paths(Specimen.HISTORIES.getFirst() + "/")) {
      int at = 0;
      for (byte[] note : NoteFile.parse(log.log().file(path)).notes()) {
        kept.add(new Kept(path, at, note, Checkpoint.parse(SignedNote.parse(note).text())));
        at += NoteFile.entry(note).length;
      }
    }
    return kept;
  }
}
