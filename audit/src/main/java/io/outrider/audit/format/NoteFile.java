package io.outrider.audit.format;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Several notes in one file, an empty line behind each. A file that grows may end in a torn note
/// after a crash.
public final class NoteFile {
  private static final String SIGNATURE = "\u2014 ";
  private static final byte SIGNATURE_START = (byte) 0xe2;

  private NoteFile() {}

  /// What a file holds.
  ///
  /// @param notes each as it was signed
  /// @param length bytes of those notes; what follows is `rest`
  /// @param rest what stands behind the last whole note
  public record Content(List<byte[]> notes, int length, byte[] rest) {
    public Content {
      notes = List.copyOf(notes);
    }

    /// Whether the rest is what a crash may leave of a note that was being written: nothing, its
    /// beginning, or blocks of zeros where some of it never arrived.
    public boolean mayBeTorn() {
      if (rest.length == 0 || hasHole(rest, 0, rest.length)) {
        return true;
      }
      boolean signed = new String(rest, StandardCharsets.UTF_8).contains(SIGNATURE);
      byte last = rest[rest.length - 1];
      boolean ended = last == '\n';
      // Behind the line break of a signature comes another, or the first byte of a second
      // signature.
      boolean changed =
          rest.length > 1 && rest[rest.length - 2] == '\n' && last != SIGNATURE_START && last != 0;
      return !signed || (!ended && !changed);
    }
  }

  /// A note as it stands in the file.
  public static byte[] entry(byte[] note) {
    byte[] entry = Arrays.copyOf(note, note.length + 1);
    entry[note.length] = '\n';
    return entry;
  }

  /// All notes one after the other.
  public static byte[] of(List<byte[]> notes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] note : notes) {
      out.writeBytes(entry(note));
    }
    return out.toByteArray();
  }

  /// Takes a file apart, without looking at what the notes say.
  public static Content parse(byte[] file) {
    Spans spans = spans(ByteBuffer.wrap(file));
    List<byte[]> notes = new ArrayList<>(spans.count());
    for (int i = 0; i < spans.count(); i++) {
      notes.add(Arrays.copyOfRange(file, spans.start(i), spans.end(i)));
    }
    return new Content(
        notes, spans.length(), Arrays.copyOfRange(file, spans.length(), file.length));
  }

  /// Where the notes of a file are: a day of them has megabytes, which nobody needs in memory to
  /// count them.
  public static Spans spans(ByteBuffer file) {
    Spans spans = new Spans();
    int size = file.limit();
    int start = 0;
    boolean inSignatures = false;
    for (int i = 1; i < size; i++) {
      if (file.get(i) == '\n' && file.get(i - 1) == '\n') {
        if (inSignatures && hasHole(file, start, i)) {
          break;
        }
        if (inSignatures) {
          spans.add(i);
          start = i + 1;
          spans.length = start;
        }
        inSignatures = !inSignatures;
      }
    }
    if (inSignatures && size > start && file.get(size - 1) == '\n' && file.get(size - 2) != '\n') {
      // Only the empty line behind it is missing.
      spans.add(size);
      spans.length = size;
    }
    return spans;
  }

  /// The places of notes in a file.
  public static final class Spans {
    private int[] ends = new int[64];
    private int count;
    private int length;

    private Spans() {}

    private void add(int end) {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, count * 2);
      }
      ends[count++] = end;
    }

    public int count() {
      return count;
    }

    /// Bytes from the beginning of the file to the end of the last whole note.
    public int length() {
      return length;
    }

    /// Whether the file consists of whole notes, each with the empty line behind it.
    public boolean isWhole(int fileLength) {
      return length == fileLength && (count == 0 || ends[count - 1] < length);
    }

    /// Where a note begins.
    public int start(int note) {
      return note == 0 ? 0 : ends[note - 1] + 1;
    }

    /// Where it ends, without the empty line.
    public int end(int note) {
      return ends[note];
    }
  }

  private static boolean hasHole(byte[] bytes, int from, int to) {
    return hasHole(ByteBuffer.wrap(bytes), from, to);
  }

  /// Whether some of it never reached the disk. A single zero inside is no hole: whoever flips a
  /// bit must not pass for a crash.
  private static boolean hasHole(ByteBuffer bytes, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (bytes.get(i) == 0 && bytes.get(i - 1) == 0) {
        return true;
      }
    }
    return to > from && bytes.get(from) == 0;
  }
}
