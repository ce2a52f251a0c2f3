package io.outrider.upstream.stdio;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts children so that they end with the proxy.
///
/// On Linux a process can ask for a signal at the death of its parent. The kernel means the
/// *thread* that started it, so all children are started by one thread that lives as long as the
/// proxy. Where the tools are there, a child is started through `setsid`, which gives it a process
/// group of its own and keeps a Ctrl-C at the proxy's terminal away from it, and through `setpriv
/// --pdeathsig KILL`; a [Guardian] takes care of the processes that a child starts in turn. Each
/// tool replaces itself by the next program, so the child is still the direct child of the proxy.
/// Where a tool is missing, a child that does not end at the end of its input may outlive a proxy
/// that was killed.
final class Launcher {

  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
  private static final long PROBE_SECONDS = 5;

  private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
  private final Map<String, String> ownEnvironment;
  private boolean prepared;
  private List<String> prefix = List.of();
  private volatile @Nullable Guardian guardian;

  private Launcher(Map<String, String> ownEnvironment) {
    this.ownEnvironment = ownEnvironment;
  }

  private static final class Shared {
    static final Launcher INSTANCE = new Launcher(System.getenv()).begin();
  }

  /// The one launcher of this JVM; its thread begins with the first use and never ends.
  static Launcher shared() {
    return Shared.INSTANCE;
  }

  /// Runs a task on the thread that starts children. Never blocks.
  void submit(Runnable task) {
    work.add(task);
  }

  /// Starts a child. Only on the thread that starts children.
  ///
  /// @throws IOException when there is no such program, or it cannot be run; the message says which
  Process start(ChildSpec spec) throws IOException {
    prepare();
    Map<String, String> env = ChildEnvironment.of(ownEnvironment, spec.env());
    String program = spec.command().getFirst();
    Path file = ChildEnvironment.find(program, env, spec.directory());
    if (file == null) {
      throw new IOException(
          program.indexOf('/') >= 0
              ? "command not found, or not executable: " + program
              : "command not found: " + program + " (PATH: " + env.getOrDefault("PATH", "") + ")");
    }
    List<String> command = new ArrayList<>(prefix);
    command.add(file.toString());
    command.addAll(spec.command().subList(1, spec.command().size()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(env);
    if (spec.directory() != null) {
      builder.directory(spec.directory().toFile());
    }
    Process child = builder.start();
    watch(child.pid());
    return child;
  }

  /// Sends a signal to the whole process group that a child leads; false when it leads none, or
  /// there is nobody to send it.
  boolean signalGroup(String name, long pid) {
    Guardian sender = guardian;
    return sender != null && sender.signal(name, pid);
  }

  /// Forgets a child whose group has been ended.
  void forget(long pid) {
    Guardian watcher = guardian;
    if (watcher != null) {
      watcher.forget(pid);
    }
  }

  private Launcher begin() {
    Thread.ofPlatform().daemon().name("outrider-launcher").start(this::run);
    return this;
  }

  private void run() {
    // The death of this thread would kill every child: nothing may end it.
    while (true) {
      try {
        work.take().run();
      } catch (Throwable t) {
        LOG.atError().setCause(t).log("a task of the child launcher failed");
      }
    }
  }

  private void watch(long pid) {
    Guardian watcher = guardian;
    if (watcher == null) {
      return;
    }
    try {
      watcher.watch(pid);
    } catch (IOException e) {
      LOG.atWarn()
          .addKeyValue("pid", pid)
          .setCause(e)
          .log("no guardian for this child: what it starts may outlive a killed proxy");
    }
  }

  private void prepare() {
    if (prepared) {
      return;
    }
    prepared = true;
    Map<String, String> env = ChildEnvironment.of(ownEnvironment, Map.of());
    List<String> found = new ArrayList<>();
    Path setsid = ChildEnvironment.find("setsid", env, null);
    Path sh = ChildEnvironment.find("sh", env, null);
    if (setsid != null && sh != null) {
      found.add(setsid.toString());
      guardian = new Guardian(setsid, sh, env);
    }
    Path setpriv = linux() ? ChildEnvironment.find("setpriv", env, null) : null;
    if (setpriv != null) {
      List<String> deathSignal = List.of(setpriv.toString(), "--pdeathsig", "KILL", "--");
      if (works(deathSignal, env)) {
        found.addAll(deathSignal);
      }
    }
    prefix = List.copyOf(found);
    if (found.size() < 2) {
      LOG.atInfo()
          .addKeyValue("setsid", setsid != null)
          .addKeyValue("setpriv", setpriv != null)
          .log("a child that ignores the end of its input may outlive a killed proxy here");
    }
  }

  private static boolean linux() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");
  }

  /// BusyBox has a `setpriv` that does not know the option.
  private static boolean works(List<String> launch, Map<String, String> env) {
    Path nothing = ChildEnvironment.find("true", env, null);
    if (nothing == null) {
      return false;
    }
    List<String> command = new ArrayList<>(launch);
    command.add(nothing.toString());
    try {
      Process probe =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (probe.waitFor(PROBE_SECONDS, TimeUnit.SECONDS)) {
        return probe.exitValue() == 0;
      }
      probe.destroyForcibly();
      return false;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
