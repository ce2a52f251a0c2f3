package io.outrider.audit.store;

import io.outrider.audit.format.NoteFile;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Notes that were signed, kept for later: a file for each day, thinned when it is old. Nothing the
/// log does depends on them; they let others hold it to what it once signed. Sizes in them never
/// fall, whatever the clock does. Used by one thread.
final class NoteHistory implements Closeable {
  private static final String SUFFIX = ".notes";

  private final Folder folder;
  private final String name;
  private final Duration spacing;
  private final int perOldDay;
  private final int perDay;
  private @Nullable Day today;

  /// The file that grows.
  private static final class Day {
    final LocalDate date;
    final FileOps.Handle file;
    long length;
    int notes;
    @Nullable Instant last;

    Day(LocalDate date, FileOps.Handle file, long length, int notes) {
      this.date = date;
      this.file = file;
      this.length = length;
      this.notes = notes;
    }
  }

  /// @param name folder of the history
  /// @param spacing notes that come sooner after one another are not kept
  /// @param perOldDay how many stay of a day when it and the next are over
  NoteHistory(Folder folder, String name, Duration spacing, int perOldDay) {
    this.folder = folder;
    this.name = name;
    this.spacing = spacing;
    this.perOldDay = perOldDay;
    // A clock that stands still or was once far ahead would let one day grow for ever.
    this.perDay = (int) Math.max(2L * perOldDay, Duration.ofDays(1).dividedBy(spacing)) + perOldDay;
  }

  /// Takes up the newest file, without what a crash left half-written, and thins those that a
  /// process before did not come to.
  void load() throws IOException {
    List<LocalDate> days = days();
    if (days.isEmpty()) {
      return;
    }
    LocalDate newest = days.getLast();
    Kept kept = whole(newest);
    today =
        new Day(
            newest,
            folder.files().open(file(newest), FileOps.Mode.WRITE),
            kept.length(),
            kept.notes());
    thin(days);
  }

  private List<LocalDate> days() throws IOException {
    List<LocalDate> days = new ArrayList<>();
    for (String year : names(name, "\\d{4}")) {
      for (String month : names(name + "/" + year, "0[1-9]|1[0-2]")) {
        for (String day : names(name + "/" + year + "/" + month, "\\d{2}\\" + SUFFIX)) {
          int number = Integer.parseInt(day.substring(0, 2));
          LocalDate first = LocalDate.of(Integer.parseInt(year), Integer.parseInt(month), 1);
          if (number >= 1 && number <= first.lengthOfMonth()) {
            days.add(first.withDayOfMonth(number));
          }
        }
      }
    }
    return days;
  }

  private List<String> names(String in, String form) throws IOException {
    return folder.files().list(folder.at(in)).stream().filter(n -> n.matches(form)).toList();
  }

  private Path file(LocalDate day) {
    return folder.at(
        String.format(
            Locale.ROOT,
            "%s/%04d/%02d/%02d%s",
            name,
            day.getYear(),
            day.getMonthValue(),
            day.getDayOfMonth(),
            SUFFIX));
  }

  /// What a file holds.
  private record Kept(int notes, long length) {}

  /// Looks at a day, and takes away what is no whole note.
  private Kept whole(LocalDate day) throws IOException {
    byte[] notes;
    int count;
    try (Arena memory = Arena.ofConfined()) {
      ByteBuffer file = folder.content(file(day), memory);
      NoteFile.Spans spans = NoteFile.spans(file);
      if (spans.isWhole(file.limit())) {
        return new Kept(spans.count(), file.limit());
      }
      count = spans.count();
      notes = new byte[count == 0 ? 0 : spans.end(count - 1) + 1];
      file.get(0, notes, 0, Math.min(notes.length, file.limit()));
    }
    if (count > 0) {
      notes[notes.length - 1] = '\n';
    }
    folder.replace(file(day), notes);
    return new Kept(count, notes.length);
  }

  /// A day's notes, or as many as may stay if there are more; the first and the last among them.
  ///
  /// @return null if there were no more
  private byte @Nullable [] evenly(LocalDate day) throws IOException {
    try (Arena memory = Arena.ofConfined()) {
      ByteBuffer file = folder.content(file(day), memory);
      NoteFile.Spans spans = NoteFile.spans(file);
      if (spans.count() <= perOldDay) {
        return null;
      }
      ByteArrayOutputStream fewer = new ByteArrayOutputStream();
      for (int i = 0; i < perOldDay; i++) {
        int note = (int) ((long) i * (spans.count() - 1) / (perOldDay - 1));
        byte[] bytes = new byte[spans.end(note) - spans.start(note)];
        file.get(spans.start(note), bytes);
        fewer.writeBytes(NoteFile.entry(bytes));
      }
      return fewer.toByteArray();
    }
  }

  /// Keeps a note, durably.
  void append(byte[] note, Instant now) throws IOException {
    Day day = today;
    LocalDate date = now.atZone(ZoneOffset.UTC).toLocalDate();
    if (day != null && day.last != null && isSoon(day.last, now)) {
      return;
    }
    byte[] entry = NoteFile.entry(note);
    if (day == null || date.isAfter(day.date)) {
      day = begin(date, entry);
    } else {
      if (day.notes >= perDay) {
        day = thinToday(day);
      }
      day.file.write(ByteBuffer.wrap(entry), day.length);
      day.file.force();
      day.length += entry.length;
      day.notes++;
    }
    day.last = now;
  }

  /// A clock that fell back says nothing about how soon this is.
  private boolean isSoon(Instant last, Instant now) {
    return !now.isBefore(last) && Duration.between(last, now).compareTo(spacing) < 0;
  }

  private Day begin(LocalDate date, byte[] entry) throws IOException {
    close();
    Path file = file(date);
    FileOps.Handle handle = folder.begin(file, ByteBuffer.wrap(entry));
    Day day = new Day(date, handle, entry.length, 1);
    today = day;
    handle.force();
    folder.files().forceDirectory(Folder.parent(file));
    thin(days());
    return day;
  }

  private Day thinToday(Day day) throws IOException {
    byte[] fewer = Objects.requireNonNull(evenly(day.date), "only a full day is thinned");
    close();
    folder.replace(file(day.date), fewer);
    Day next =
        new Day(
            day.date,
            folder.files().open(file(day.date), FileOps.Mode.WRITE),
            fewer.length,
            perOldDay);
    today = next;
    return next;
  }

  /// Thins what is older than yesterday, the oldest first, so that behind a thin day all are thin.
  private void thin(List<LocalDate> days) throws IOException {
    LocalDate newest = days.getLast();
    List<LocalDate> thick = new ArrayList<>();
    for (LocalDate day : days.reversed()) {
      if (day.isBefore(newest.minusDays(1))) {
        if (evenly(day) == null) {
          break;
        }
        thick.add(day);
      }
    }
    for (LocalDate day : thick.reversed()) {
      byte[] fewer = evenly(day);
      if (fewer != null) {
        folder.replace(file(day), fewer);
      }
    }
  }

  @Override
  public void close() throws IOException {
    Day day = today;
    today = null;
    if (day != null) {
      day.file.close();
    }
  }
}
