package io.outrider.sinks.file;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.sinks.Item;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// How a file ends: the last whole line, and what a crash may have left of one more.
///
/// @param start where the torn line begins, the size of the file if there is none
/// @param whole the last line that is whole; empty if there is none
/// @param torn what stands behind it
record LastLine(Path file, long start, byte[] whole, byte[] torn) {
  /// How far back it is looked for: two lines, each of 64 KiB at most.
  private static final int TAIL = 1 << 17;

  /// What every line begins with: a record, and the marker of records that are gone.
  private static final List<String> BEGINNINGS = List.of("{\"boot\":\"", "{\"from\":");

  static LastLine of(FileChannel channel, Path file) throws IOException {
    long size = withoutZeros(channel);
    int length = (int) Math.min(size, TAIL);
    ByteBuffer tail = ByteBuffer.allocate(length);
    while (tail.hasRemaining() && channel.read(tail, size - length + tail.position()) >= 0) {
      // until full
    }
    byte[] bytes = tail.array();
    int end = lineBefore(bytes, length);
    int begin = end == 0 ? 0 : lineBefore(bytes, end - 1);
    return new LastLine(
        file,
        size - length + end,
        Arrays.copyOfRange(bytes, begin, Math.max(begin, end - 1)),
        Arrays.copyOfRange(bytes, end, length));
  }

  /// Some file systems leave zeros after a power cut, where a length was written and its bytes were
  /// not; as many as one delivery has bytes.
  private static long withoutZeros(FileChannel channel) throws IOException {
    long size = channel.size();
    ByteBuffer piece = ByteBuffer.allocate(TAIL);
    while (size > 0) {
      int length = (int) Math.min(size, TAIL);
      piece.clear().limit(length);
      while (piece.hasRemaining() && channel.read(piece, size - length + piece.position()) >= 0) {
        // until full
      }
      int end = piece.position();
      while (end > 0 && piece.get(end - 1) == 0) {
        end--;
      }
      if (end > 0) {
        return size - length + end;
      }
      size -= length;
    }
    return 0;
  }

  /// Where the line begins that `end` stands in.
  private static int lineBefore(byte[] bytes, int end) {
    int begin = end;
    while (begin > 0 && bytes[begin - 1] != '\n') {
      begin--;
    }
    return begin;
  }

  /// Where to go on writing; what stands behind it is half a record, which comes again.
  ///
  /// @param size records in the log
  /// @throws IOException if a sink of this log did not write the file
  long ours(long size) throws IOException {
    if (start > 0) {
      whole(size);
    }
    if (torn.length == TAIL || (torn.length > 0 && BEGINNINGS.stream().noneMatch(this::mayBegin))) {
      throw foreign("ends with what is no part of a record");
    }
    return start;
  }

  private void whole(long size) throws IOException {
    try {
      Map<String, Object> line = Leaf.fields("line", whole);
      long index;
      if (Item.GAP.equals(line.get("k"))) {
        index = line.get("to") instanceof Long to ? to - 1 : -1;
      } else {
        index = Leaf.parse(whole).index();
      }
      if (index < 0) {
        throw foreign("ends with a line that is no record");
      }
      if (index >= size) {
        throw foreign(
            "ends with record %d, and the log's checkpoint covers %d".formatted(index, size));
      }
    } catch (FormatException e) {
      throw foreign("ends with a line that is no record");
    }
  }

  private boolean mayBegin(String beginning) {
    byte[] expected = beginning.getBytes(StandardCharsets.US_ASCII);
    int length = Math.min(expected.length, torn.length);
    return Arrays.equals(expected, 0, length, torn, 0, length);
  }

  private IOException foreign(String what) {
    return new IOException(
        "%s %s (expected: a file that this sink wrote, or none). It is left as it is"
            .formatted(file, what));
  }
}
