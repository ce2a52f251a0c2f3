package io.outrider.audit.drill;

import io.outrider.audit.verify.LogSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/// A log as a map from path to content. Immutable: changing it gives another one, which shares what
/// was not changed. So a copy can be spoilt without touching a disk, and confidential values are
/// never written to a second place.
public final class MemoryLog implements LogSource {
  private final TreeMap<String, byte[]> files;

  /// @param files path, with `/`, to content; the content must not change afterwards
  public MemoryLog(Map<String, byte[]> files) {
    this.files = new TreeMap<>(files);
  }

  /// The same log with other content in one file.
  public MemoryLog with(String path, byte[] content) {
    MemoryLog changed = new MemoryLog(files);
    changed.files.put(path, content);
    return changed;
  }

  /// The same log without the files whose path begins with `prefix`.
  public MemoryLog without(String prefix) {
    MemoryLog changed = new MemoryLog(files);
    changed.files.keySet().removeIf(path -> path.startsWith(prefix));
    return changed;
  }

  /// All files.
  public Map<String, byte[]> files() {
    return Map.copyOf(files);
  }

  /// Paths that begin with `prefix`, sorted.
  public List<String> paths(String prefix) {
    return files.keySet().stream().filter(path -> path.startsWith(prefix)).toList();
  }

  public boolean has(String path) {
    return files.containsKey(path);
  }

  /// The content of a file that is there.
  public byte[] file(String path) {
    byte[] content = files.get(path);
    if (content == null) {
      throw new NoSuchElementException(path + ": not in this log");
    }
    return content;
  }

  @Override
  public Optional<byte[]> read(String path) {
    return Optional.ofNullable(files.get(path));
  }

  @Override
  public Optional<byte[]> read(String path, long offset, int length) {
    return read(path)
        .map(content -> {
          int from = (int) Math.min(offset, content.length);
          return Arrays.copyOfRange(content, from, Math.min(content.length, from + length));
        });
  }

  @Override
  public List<String> list(String folder) {
    TreeSet<String> names = new TreeSet<>();
    for (String path : paths(folder + "/")) {
      String below = path.substring(folder.length() + 1);
      int slash = below.indexOf('/');
      names.add(slash < 0 ? below : below.substring(0, slash));
    }
    return List.copyOf(names);
  }
}
