package io.outrider.app.serve;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Tells when files or folders have changed, by their sizes and times.
///
/// It asks the file system rather than waiting for its events: events do not cross a Kubernetes
/// ConfigMap's symlink swap or a network mount, arrive after seconds on macOS, and would need this
/// as a fallback anyway. A change counts once it has stood still for one look, so that a file being
/// written is not read half, or after a few looks if it never does. Not thread-safe; [#look()] is
/// called at a fixed pace by one thread.
final class FileWatch {
  /// Between two looks. Two of them and a load stay well below the second in which a change must
  /// take effect.
  static final Duration PACE = Duration.ofMillis(250);

  /// Looks after which a file that keeps changing is read as it is.
  private static final int PATIENCE = 4;

  private final Supplier<? extends Collection<Path>> named;
  private List<Path> roots;
  private Map<Path, State> accepted;
  private Map<Path, State> last;
  private int restless;

  /// Watches files and folders, which need not exist yet. What is there now counts as known.
  FileWatch(List<Path> roots) {
    this(() -> roots);
  }

  /// The same where a change may name other files to watch.
  ///
  /// @param roots asked anew when something has changed, before that is told
  FileWatch(Supplier<? extends Collection<Path>> roots) {
    this.named = roots;
    this.roots = List.copyOf(roots.get());
    this.accepted = scan();
    this.last = accepted;
  }

  /// Whether something has changed since the last time this said so.
  boolean look() {
    Map<Path, State> now = scan();
    if (now.equals(accepted)) {
      last = now;
      restless = 0;
      return false;
    }
    boolean still = now.equals(last);
    last = now;
    if (!still && ++restless < PATIENCE) {
      return false;
    }
    List<Path> next = List.copyOf(named.get());
    if (!next.equals(roots)) {
      roots = next;
      last = scan();
    }
    accepted = last;
    restless = 0;
    return true;
  }

  private Map<Path, State> scan() {
    Map<Path, State> states = new HashMap<>();
    for (Path root : roots) {
      try (Stream<Path> files = Files.walk(root, FileVisitOption.FOLLOW_LINKS)) {
        files.forEach(file -> states.put(file, State.of(file)));
      } catch (IOException | UncheckedIOException e) {
        states.put(root, State.MISSING);
      }
    }
    return states;
  }

  /// The inode is in it because a rename over a file may keep both size and time.
  private record State(long size, long modified, String inode) {
    static final State MISSING = new State(-1, 0, "");

    static State of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        // A folder's own time changes with things nobody asked about, such as an editor's swap
        // file; its files are in the map.
        return found.isDirectory()
            ? new State(0, 0, "")
            : new State(
                found.size(),
                found.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                String.valueOf(found.fileKey()));
      } catch (IOException e) {
        return MISSING;
      }
    }
  }
}
