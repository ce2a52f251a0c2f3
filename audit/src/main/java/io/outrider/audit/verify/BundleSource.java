package io.outrider.audit.verify;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// An evidence bundle, read where it lies. Nothing is unpacked; an archive whose entries want to be
/// elsewhere, are there twice, or are larger than they can be is refused as a whole.
final class BundleSource implements AutoCloseable {
  /// Each proven record is a file; more would be a log, which is better given as one.
  private static final int MAX_ENTRIES = 2_000_000;

  /// What a bundle may hold when unpacked, all in all.
  private static final long MAX_TOTAL = 8L << 30;

  /// Of a file that is read whole.
  static final int MAX_FILE = 64 << 20;

  private final ZipFile zip;
  private final TreeMap<String, ZipEntry> entries = new TreeMap<>();

  BundleSource(Path file) throws IOException {
    this.zip = new ZipFile(file.toFile());
    try {
      index();
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private void index() throws IOException {
    if (zip.size() > MAX_ENTRIES) {
      throw new IOException(
          "bundle: " + zip.size() + " entries (expected: at most " + MAX_ENTRIES + ")");
    }
    long total = 0;
    for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
      ZipEntry entry = all.nextElement();
      String name = entry.getName();
      if (!isPlain(name)) {
        throw new IOException(
            "bundle: entry \"" + SafeText.of(name, 200) + "\" (expected: a plain relative path)");
      }
      total += Math.max(0, entry.getSize());
      if (total > MAX_TOTAL) {
        throw new IOException("bundle: more than " + MAX_TOTAL + " bytes when unpacked");
      }
      if (!entry.isDirectory() && entries.put(name, entry) != null) {
        throw new IOException("bundle: two entries \"" + SafeText.of(name, 200) + "\"");
      }
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
  Optional<byte[]> read(String name) throws IOException {
    ZipEntry entry = entries.get(name);
    if (entry == null) {
      return Optional.empty();
    }
    try (InputStream in = zip.getInputStream(entry)) {
      // What the directory says of the size is not believed.
      byte[] content = in.readNBytes(MAX_FILE + 1);
      if (content.length > MAX_FILE) {
        throw new IOException(name + ": larger than " + MAX_FILE + " bytes");
      }
      return Optional.of(content);
    }
  }

  /// A file to be read as it comes; empty if there is none.
  Optional<InputStream> open(String name) throws IOException {
    ZipEntry entry = entries.get(name);
    return entry == null ? Optional.empty() : Optional.of(zip.getInputStream(entry));
  }

  /// Names that begin so, sorted.
  List<String> names(String prefix) {
    return entries.subMap(prefix, prefix + '\uffff').keySet().stream().toList();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
