package io.outrider.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process these tests started, with what it said. Thread-safe.
///
/// Nothing waits by sleeping: whoever needs a line waits for that line, or for the end of the
/// process, whichever comes first.
final class Child implements AutoCloseable {
  /// A bound on a hang, far above what any child needs even when eight builds share two cores.
  /// `-De2e.patience=N` (seconds) is for runs by hand at the lowest priority.
  static final Duration PATIENCE = Duration.ofSeconds(Integer.getInteger("e2e.patience", 60));

  private final String name;
  private final Process process;
  private final List<String> said = new ArrayList<>();
  private final List<String> printed = new ArrayList<>();
  private final List<Thread> pumps = new ArrayList<>();
  private int open;

  private Child(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /// Starts a process and keeps both of its streams.
  static Child start(String name, ProcessBuilder builder) {
    try {
      Child child = new Child(name, builder.start());
      child.pump(child.process.getErrorStream(), child.said);
      child.pump(child.process.getInputStream(), child.printed);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("could not start " + name + ": " + builder.command(), e);
    }
  }

  /// Runs a command to its end, with `input` on its standard input.
  static Done run(String name, ProcessBuilder builder, String input) {
    try (Child child = start(name, builder)) {
      try (var in = child.process.getOutputStream()) {
        in.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        // It ended without reading all of it; its exit code and words tell why.
      }
      int code = child.awaitExit(PATIENCE);
      return new Done(code, child.stdout(), child.stderr());
    }
  }

  /// How a command ended.
  record Done(int code, String stdout, String stderr) {}

  Process process() {
    return process;
  }

  /// Waits for a line of standard error that contains a match, and gives that match.
  Matcher awaitLine(Pattern pattern) {
    String line = await(said, "/" + pattern + "/", text -> pattern.matcher(text).find());
    Matcher matcher = pattern.matcher(line);
    if (!matcher.find()) {
      throw new IllegalStateException(line);
    }
    return matcher;
  }

  /// Waits for a line of standard output.
  String awaitPrinted(Predicate<String> wanted) {
    return await(printed, "what was waited for", wanted);
  }

  private String await(List<String> lines, String what, Predicate<String> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    synchronized (said) {
      for (int next = 0; ; ) {
        for (; next < lines.size(); next++) {
          if (wanted.test(lines.get(next))) {
            return lines.get(next);
          }
        }
        long left = deadline - System.nanoTime();
        if (open == 0 || left <= 0) {
          throw new AssertionError(
              "%s %s without saying %s. It said:%n%s%n%s"
                  .formatted(name, open == 0 ? "ended" : "went on", what, stdout(), stderr()));
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(said, left);
        } catch (InterruptedException e) {
          throw interrupted(e);
        }
      }
    }
  }

  String stderr() {
    synchronized (said) {
      return String.join("\n", said);
    }
  }

  String stdout() {
    synchronized (said) {
      return String.join("\n", printed);
    }
  }

  /// Asks it to end as a service manager does (SIGTERM), and gives its exit code.
  int terminate() {
    askToEnd();
    return awaitExit(PATIENCE);
  }

  /// Sends SIGTERM and goes on listening: `Process.destroy` would close the streams at once, and
  /// what a process says at its end would be lost.
  void askToEnd() {
    process.toHandle().destroy();
  }

  /// Ends it as the kernel does (SIGKILL).
  void kill() {
    process.toHandle().destroyForcibly();
    awaitExit(PATIENCE);
  }

  int awaitExit(Duration patience) {
    try {
      if (!process.waitFor(patience)) {
        process.destroyForcibly();
        throw new AssertionError(
            "%s did not end within %s. It said:%n%s".formatted(name, patience, stderr()));
      }
      for (Thread pump : pumps) {
        // A grandchild may hold the pipe open; what it says later is of no interest.
        pump.join(Duration.ofSeconds(2));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /// Ends it and whatever it started, if they have not ended yet.
  @Override
  public void close() {
    List<ProcessHandle> below = process.descendants().toList();
    if (process.isAlive()) {
      askToEnd();
      try {
        if (!process.waitFor(Duration.ofSeconds(10))) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        throw interrupted(e);
      }
    }
    below.forEach(ProcessHandle::destroyForcibly);
  }

  static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("the test was interrupted", e);
  }

  /// Throws unless `done` came in time; for waits on something other than a line.
  static <T> T within(java.util.concurrent.Future<T> done, Duration patience) {
    try {
      return done.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (TimeoutException e) {
      throw new AssertionError("not done within " + patience, e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new AssertionError(e.getCause());
    }
  }

  private void pump(InputStream from, List<String> to) {
    synchronized (said) {
      open++;
    }
    pumps.add(
        Thread.ofVirtual()
            .name(name + "-output")
            .start(() -> {
              try (BufferedReader lines =
                  new BufferedReader(new java.io.InputStreamReader(from, StandardCharsets.UTF_8))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  synchronized (said) {
                    to.add(line);
                    said.notifyAll();
                  }
                }
              } catch (IOException e) {
                // The process is gone, and its pipe with it.
              } finally {
                synchronized (said) {
                  open--;
                  said.notifyAll();
                }
              }
            }));
  }
}
