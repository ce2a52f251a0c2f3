package io.outrider.upstream.stdio;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/// A child and whatever it started. Thread-safe; looks through the process table, so not for an
/// event loop.
final class ProcessTree {

  private final Launcher launcher;
  private final ProcessHandle root;

  /// Descendants found so far. Once a parent has ended nothing tells whose child a process was, so
  /// what was seen is kept.
  private final Set<ProcessHandle> seen = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean asked = new AtomicBoolean();

  ProcessTree(Launcher launcher, ProcessHandle root) {
    this.launcher = launcher;
    this.root = root;
  }

  long pid() {
    return root.pid();
  }

  boolean rootLives() {
    return root.isAlive();
  }

  /// Takes note of the descendants there are now.
  void look() {
    root.descendants().forEach(seen::add);
  }

  /// Asks all of them to end. Once only: a second SIGTERM means "at once" to some programs.
  void terminate() {
    if (asked.compareAndSet(false, true)) {
      signal("TERM", false);
    }
  }

  /// Ends all of them.
  void kill() {
    signal("KILL", true);
  }

  /// Nothing of this is to be ended any more.
  void forget() {
    launcher.forget(root.pid());
  }

  private void signal(String name, boolean force) {
    look();
    boolean sent = launcher.signalGroup(name, root.pid());
    if (!sent) {
      end(root, force);
    }
    for (ProcessHandle process : seen) {
      // Whoever had the signal as one of the group does not need it twice.
      if (!sent || groupOf(process) != root.pid()) {
        end(process, force);
      }
    }
  }

  private static void end(ProcessHandle process, boolean force) {
    if (force) {
      process.destroyForcibly();
    } else {
      process.destroy();
    }
  }

  /// The process group, as Linux tells it; -1 when it cannot be told.
  private static long groupOf(ProcessHandle process) {
    try {
      String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
      // proc_pid_stat(5): the name in parentheses may hold anything, then: state, parent, group.
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[2]);
    } catch (IOException | RuntimeException e) {
      return -1;
    }
  }
}
