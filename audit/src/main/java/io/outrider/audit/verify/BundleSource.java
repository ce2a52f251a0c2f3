package io.outrider.audit.verify;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// An evidence bundle, read where it lies. Nothing is unpacked; an archive whose entries want to be
/// elsewhere, are there twice, or are larger than they can be is refused as a whole.
final class BundleSource implements AutoCloseable {
  /// Each proven record is a file; more would be a log, which is better given as one.
  static final int MAX_ENTRIES = 250_000;

  /// What a bundle may hold when unpacked, all in all.
  static final long MAX_TOTAL = 8L << 30;

  private final ZipFile zip;
  private final TreeSet<String> names = new TreeSet<>();

  /// Bytes that may still be unpacked.
  private long left;

  BundleSource(Path file) throws IOException {
    this(file, MAX_ENTRIES, MAX_TOTAL);
  }

  /// @param maxEntries files and folders in it
  /// @param maxTotal bytes of all of them when unpacked
  BundleSource(Path file, int maxEntries, long maxTotal) throws IOException {
    this.left = maxTotal;
    this.zip = new ZipFile(file.toFile());
    try {
      index(maxEntries, maxTotal);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private void index(int maxEntries, long maxTotal) throws IOException {
    if (zip.size() > maxEntries) {
      throw new IOException(
          "bundle: " + zip.size() + " entries (expected: at most " + maxEntries + ")");
    }
    long total = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (!isPlain(name)) {
        throw new IOException(
            "bundle: entry \"" + SafeText.of(name, 200) + "\" (expected: a plain relative path)");
      }
      total += Math.clamp(entry.getSize(), 0, maxTotal + 1);
      if (!entry.isDirectory() && !names.add(name)) {
        throw new IOException("bundle: two entries \"" + SafeText.of(name, 200) + "\"");
      }
    }
    if (total > maxTotal) {
      throw new IOException(
          "bundle: " + total + " bytes when unpacked (expected: at most " + maxTotal + ")");
    }
  }

  private static boolean isPlain(String name) {
    if (name.isEmpty() || name.startsWith("/") || name.indexOf('\\') >= 0) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < 0x20 || name.charAt(i) == ':' || name.charAt(i) > 0x7e) {
        return false;
      }
    }
    String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        return false;
      }
    }
    return true;
  }

  /// A whole file; empty if there is none.
  ///
  /// @param limit bytes it may have when unpacked
  Optional<byte[]> read(String name, int limit) throws IOException {
    Optional<InputStream> opened = open(name);
    if (opened.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = opened.get()) {
      // What the directory says of the size is not believed.
      byte[] content = in.readNBytes(limit + 1);
      if (content.length > limit) {
        throw new IOException(
            name + ": more than " + limit + " bytes when unpacked (expected: at most that)");
      }
      return Optional.of(content);
    }
  }

  /// A file to be read as it comes; empty if there is none.
  Optional<InputStream> open(String name) throws IOException {
    return names.contains(name)
        ? Optional.of(new Metered(zip.getInputStream(zip.getEntry(name))))
        : Optional.empty();
  }

  /// Counts what is unpacked, whatever the directory said.
  private final class Metered extends FilterInputStream {
    Metered(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      spend(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int count = super.read(into, offset, length);
      spend(Math.max(0, count));
      return count;
    }

    private void spend(int bytes) throws IOException {
      left -= bytes;
      if (left < 0) {
        throw new IOException(
            "bundle: goes on after as many bytes were unpacked as one may hold (expected: an end)");
      }
    }
  }

  /// Names that begin so, sorted.
  List<String> names(String prefix) {
    return List.copyOf(names.subSet(prefix, prefix + '\uffff'));
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
