package io.outrider.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// Reads the files of a `.tar.gz`, as bundles are packed: ustar with the long names of pax and of
/// GNU tar.
///
/// What is in the archive is not trusted: a file count, a size, or a path out of bounds ends the
/// reading with an [IOException], and links and devices are refused.
final class Tar {
  private static final int BLOCK = 512;

  /// A policy bundle has tens of files; this leaves room and stops an archive of empty ones.
  private static final int MAX_FILES = 10_000;

  /// Paths and pax headers are short; a header of megabytes is an attack.
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  /// @param path with `/`, without a leading one and without `.` and `..`
  record Entry(String path, byte[] bytes) {}

  private final InputStream in;
  private final long maxBytes;
  private long total;

  private Tar(InputStream in, long maxBytes) {
    this.in = in;
    this.maxBytes = maxBytes;
  }

  /// The files of the archive in their order.
  ///
  /// @param maxBytes of all of them together, unpacked
  static List<Entry> read(InputStream packed, long maxBytes) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(packed, 8192)) {
      return new Tar(in, maxBytes).entries();
    } catch (IllegalArgumentException e) {
      throw new IOException("archive: " + e.getMessage(), e);
    }
  }

  private List<Entry> entries() throws IOException {
    List<Entry> entries = new ArrayList<>();
    Map<String, String> next = new HashMap<>();
    int headers = 0;
    for (byte[] header = block(); header != null; header = block()) {
      if (isZero(header)) {
        return entries;
      }
      if (++headers > 2 * MAX_FILES) {
        throw new IOException("archive: more than " + MAX_FILES + " files");
      }
      checkSum(header);
      long size = number(header, 124, 12);
      char type = (char) (header[156] & 0xFF);
      switch (type) {
        case 'x' -> next.putAll(pax(text(read(size, MAX_HEADER_BYTES))));
        case 'g' -> read(size, MAX_HEADER_BYTES);
        case 'L' -> next.put("path", untilZero(text(read(size, MAX_HEADER_BYTES))));
        case '0', '\0', '7' -> {
          String path = next.getOrDefault("path", name(header));
          String paxSize = next.get("size");
          byte[] bytes = read(paxSize == null ? size : decimal(paxSize), maxBytes);
          next.clear();
          entries.add(new Entry(safe(path), bytes));
        }
        case '5' -> {
          next.clear();
          read(size, 0);
        }
        default ->
            throw new IOException(
                "archive: entry of type " + (int) type + " (expected: files and folders)");
      }
    }
    return entries;
  }

  private byte @Nullable [] block() throws IOException {
    byte[] block = in.readNBytes(BLOCK);
    if (block.length == 0) {
      return null;
    }
    if (block.length < BLOCK) {
      throw new IOException("archive: ends in the middle of an entry");
    }
    return block;
  }

  private byte[] read(long size, long limit) throws IOException {
    total += Math.max(size, 0);
    if (size < 0 || size > limit || total > maxBytes) {
      throw new IOException(
          "archive: " + size + " bytes, " + total + " in all (expected: <= " + maxBytes + ")");
    }
    byte[] bytes = in.readNBytes((int) size);
    int padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    if (bytes.length < size || in.readNBytes(padding).length < padding) {
      throw new IOException("archive: ends in the middle of an entry");
    }
    return bytes;
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void checkSum(byte[] header) throws IOException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xFF;
    }
    if (sum != number(header, 148, 8)) {
      throw new IOException("archive: the sum of a header is wrong (expected: a tar archive)");
    }
  }

  private static long number(byte[] header, int at, int length) throws IOException {
    String digits = untilZero(text(header, at, length)).strip();
    try {
      return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
    } catch (NumberFormatException e) {
      throw new IOException("archive: a header has no number where one belongs", e);
    }
  }

  private static long decimal(String digits) throws IOException {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IOException("archive: a header has no number where one belongs", e);
    }
  }

  private static String name(byte[] header) {
    String name = untilZero(text(header, 0, 100));
    String prefix = text(header, 257, 5).equals("ustar") ? untilZero(text(header, 345, 155)) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /// Lines of `length key=value`.
  private static Map<String, String> pax(String text) throws IOException {
    Map<String, String> fields = new HashMap<>();
    int at = 0;
    while (at < text.length()) {
      int space = text.indexOf(' ', at);
      int equals = text.indexOf('=', at);
      int end = text.indexOf('\n', at);
      if (space < 0 || equals < space || end < equals) {
        throw new IOException("archive: a pax header that is none");
      }
      fields.put(text.substring(space + 1, equals), text.substring(equals + 1, end));
      at = end + 1;
    }
    return fields;
  }

  private static String safe(String path) throws IOException {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..") || part.indexOf('\\') >= 0 || part.indexOf('\0') >= 0) {
        throw new IOException("archive: path " + path + " (expected: one inside the archive)");
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    if (parts.isEmpty()) {
      throw new IOException("archive: a file without a name");
    }
    return String.join("/", parts);
  }

  private static String text(byte[] bytes) {
    return text(bytes, 0, bytes.length);
  }

  private static String text(byte[] bytes, int at, int length) {
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }

  private static String untilZero(String text) {
    int zero = text.indexOf('\0');
    return zero < 0 ? text : text.substring(0, zero);
  }
}
