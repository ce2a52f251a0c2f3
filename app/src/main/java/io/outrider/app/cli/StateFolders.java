package io.outrider.app.cli;

import io.outrider.app.terminal.Terminal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Audit logs for processes whose configuration names none: `outrider/stdio-N` below the user's
/// state folder (XDG base directories). One process, one log.
final class StateFolders {
  /// More desktop clients than anyone runs at once.
  private static final int MOST = 64;

  private final Path base;
  private int number = 1;

  private StateFolders(Path base) {
    this.base = base;
  }

  static StateFolders of(Terminal terminal) {
    String state = terminal.environment().get("XDG_STATE_HOME");
    Path root =
        state != null && Path.of(state).isAbsolute()
            ? Path.of(state)
            : Path.of(System.getProperty("user.home"), ".local", "state");
    StateFolders folders = new StateFolders(root.resolve("outrider"));
    folders.skipHeld();
    return folders;
  }

  /// The first log nobody holds.
  Path audit() {
    return base.resolve("stdio-" + number);
  }

  /// Whether the log of before is held by somebody by now; then [#audit()] is another one.
  boolean next() {
    int before = number;
    skipHeld();
    return number != before;
  }

  private void skipHeld() {
    while (number < MOST && held(audit().resolve("lock"))) {
      number++;
    }
  }

  private static boolean held(Path lock) {
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (OverlappingFileLockException e) {
      return true;
    } catch (IOException e) {
      // Whatever is wrong with it, opening the log will say so better.
      return false;
    }
  }
}
