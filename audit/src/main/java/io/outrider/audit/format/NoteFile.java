package io.outrider.audit.format;

import java.io.ByteArrayOutputStream;
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
    List<byte[]> notes = new ArrayList<>();
    int start = 0;
    boolean inSignatures = false;
    for (int i = 1; i < file.length; i++) {
      if (file[i] == '\n' && file[i - 1] == '\n') {
        if (inSignatures && hasHole(file, start, i)) {
          break;
        }
        if (inSignatures) {
          notes.add(Arrays.copyOfRange(file, start, i));
          start = i + 1;
        }
        inSignatures = !inSignatures;
      }
    }
    if (inSignatures
        && file.length > start
        && file[file.length - 1] == '\n'
        && file[file.length - 2] != '\n') {
      // Only the empty line behind it is missing.
      notes.add(Arrays.copyOfRange(file, start, file.length));
      start = file.length;
    }
    return new Content(notes, start, Arrays.copyOfRange(file, start, file.length));
  }

  /// Whether some of it never reached the disk. A single zero inside is no hole: whoever flips a
  /// bit must not pass for a crash.
  private static boolean hasHole(byte[] bytes, int from, int to) {
    for (int i = from + 1; i < to; i++) {
      if (bytes[i] == 0 && bytes[i - 1] == 0) {
        return true;
      }
    }
    return to > from && bytes[from] == 0;
  }
}
