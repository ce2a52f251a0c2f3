package io.outrider.audit.verify;

import io.outrider.audit.format.NoteFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// The checkpoints a log kept, oldest first, one day at a time in memory. Not thread-safe.
final class CheckpointHistory {
  private final LogSource source;
  private final Deque<String> days;
  private final Deque<byte[]> notes = new ArrayDeque<>();
  private final Problems problems;
  private String day = "";
  private int number;

  /// One kept checkpoint, and where it stands.
  record Kept(String name, byte[] note) {}

  CheckpointHistory(LogSource source, String folder, Problems problems) throws IOException {
    this.source = source;
    this.problems = problems;
    this.days = new ArrayDeque<>(days(source, folder));
  }

  /// The files of a history, oldest first.
  private static List<String> days(LogSource source, String folder) throws IOException {
    List<String> days = new ArrayList<>();
    for (String year : numbers(source, folder, "\\d{4}")) {
      for (String month : numbers(source, year, "\\d{2}")) {
        days.addAll(numbers(source, month, "\\d{2}\\.notes"));
      }
    }
    return days;
  }

  private static List<String> numbers(LogSource source, String folder, String form)
      throws IOException {
    return source.list(folder).stream()
        .filter(name -> name.matches(form))
        .sorted()
        .map(name -> folder + "/" + name)
        .toList();
  }

  /// The next; empty at the end.
  Optional<Kept> next() throws IOException {
    while (notes.isEmpty()) {
      if (days.isEmpty()) {
        return Optional.empty();
      }
      day = days.removeFirst();
      number = 0;
      NoteFile.Content content = NoteFile.parse(source.read(day).orElse(new byte[0]));
      notes.addAll(content.notes());
      boolean lastDay = days.isEmpty();
      if (!content.mayBeTorn() || (content.rest().length > 0 && !lastDay)) {
        problems.add(
            Verdict.TAMPERED,
            -1,
            day
                + ": byte "
                + content.length()
                + " begins no whole checkpoint (expected: one, or the end)");
      }
    }
    return Optional.of(new Kept(day + ", number " + number++, notes.removeFirst()));
  }
}
