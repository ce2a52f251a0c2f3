package io.outrider.upstream.stdio;

import io.outrider.redaction.StreamRedactor;
import io.outrider.upstream.stdio.ExitStatus.Ended;
import io.outrider.upstream.stdio.ExitStatus.NotStarted;
import java.io.IOException;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One child process that speaks lines of UTF-8 on stdin and stdout. Thread-safe; no method blocks.
///
/// ```
/// starting --> running --> ending (close, or by itself) --> ended
///     \------------------------------------------------------/   not started
/// ```
///
/// The child is ended together with everything it started: first its input ends, then SIGTERM, then
/// SIGKILL, with the grace times of its [ChildSpec] between. When it ends by itself, what it left
/// behind is ended the same way. [Launcher] says what holds when the proxy itself is killed.
public final class ChildProcess implements AutoCloseable {

  /// How long a descendant may keep the streams of an ended child open before nobody listens any
  /// more.
  private static final long STRAGGLER_MILLIS = 1000;

  private final ChildSpec spec;
  private final ChildListener listener;
  private final StreamRedactor secrets;
  private final Launcher launcher;
  private final LineWriter writer;
  private final ReadGate gate = new ReadGate();
  private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();

  /// Guards the two fields below: whoever comes second of "started" and "close" begins the
  /// shutdown.
  private final Object lock = new Object();

  private @Nullable ProcessTree tree;
  private boolean closing;

  private ChildProcess(
      ChildSpec spec, ChildListener listener, StreamRedactor secrets, Launcher launcher) {
    this.spec = spec;
    this.secrets = secrets;
    this.listener = new GuardedListener(spec.name(), listener);
    this.launcher = launcher;
    this.writer = new LineWriter(spec.maxQueuedBytes());
  }

  /// Starts a child. Returns at once; lines may be sent from now on. A child that cannot be started
  /// is reported as one that has ended, with [ExitStatus.NotStarted].
  ///
  /// @param secrets takes secrets out of what the child writes to stderr
  public static ChildProcess start(ChildSpec spec, ChildListener listener, StreamRedactor secrets) {
    Launcher launcher = Launcher.shared();
    ChildProcess child = new ChildProcess(spec, listener, secrets, launcher);
    launcher.submit(child::launch);
    return child;
  }

  /// Whether these bytes can be sent as one line: there is no CR or LF among them.
  public static boolean isLine(byte[] bytes) {
    for (byte b : bytes) {
      if (b == '\n' || b == '\r') {
        return false;
      }
    }
    return true;
  }

  /// Sends one line; the line end is added. The array must not be changed afterwards. True says
  /// that it will be written if the child reads it, not that it was.
  ///
  /// @return false when the child is closing or has ended, or when more waits than its bound
  /// @throws IllegalArgumentException if there is a CR or LF in the line: what follows it would be
  ///   read as a message of its own
  public boolean send(byte[] line) {
    if (!isLine(line)) {
      throw new IllegalArgumentException(
          "line of " + line.length + " bytes with a line end in it (expected: none)");
    }
    return writer.offer(line);
  }

  /// Stops handing out lines from stdout, after the one that is being handed out. The child is
  /// stopped in turn once the pipe is full. Closing the child ends the pause.
  public void pauseReading() {
    gate.close();
  }

  /// Hands out lines again.
  public void resumeReading() {
    gate.open();
  }

  /// The process id, once the child has been started.
  public OptionalLong pid() {
    synchronized (lock) {
      return tree == null ? OptionalLong.empty() : OptionalLong.of(tree.pid());
    }
  }

  /// Completes when the child has ended, after [ChildListener#exited].
  public CompletionStage<ExitStatus> exit() {
    return exit.minimalCompletionStage();
  }

  /// Begins to end the child: what was sent is still written, within the grace time. Returns at
  /// once; [#exit] tells when it is done. Lines that the child writes until then are still handed
  /// out.
  @Override
  public void close() {
    ProcessTree grown;
    synchronized (lock) {
      if (closing) {
        return;
      }
      closing = true;
      grown = tree;
    }
    gate.openForGood();
    writer.finish();
    if (grown != null) {
      shutDown(grown);
    }
  }

  private void launch() {
    Process started;
    try {
      started = launcher.start(spec);
    } catch (IOException | RuntimeException e) {
      writer.finish();
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      thread("exit", () -> finish(new NotStarted(reason)));
      return;
    }
    ProcessTree grown = new ProcessTree(launcher, started.toHandle());
    boolean closed;
    synchronized (lock) {
      tree = grown;
      closed = closing;
    }
    listenTo(started, grown);
    if (closed) {
      shutDown(grown);
    }
  }

  private void listenTo(Process started, ProcessTree grown) {
    StderrTap tap =
        new StderrTap(listener, secrets, System::nanoTime, it -> later(StderrTap.PAUSE_MILLIS, it));
    Output stdout =
        Output.lines(started.getInputStream(), spec.maxLineBytes(), gate, new FromStdout());
    Output stderr = Output.pieces(started.getErrorStream(), tap);
    thread("stdin", () -> writer.run(started.getOutputStream()));
    thread("stdout", stdout::read);
    thread("stderr", stderr::read);
    CompletableFuture<Integer> ended = started.onExit().thenApply(Process::exitValue);
    ended.thenRunAsync(() -> {
      writer.finish();
      clearUp(grown);
      later(STRAGGLER_MILLIS, () -> cutOffStragglers(stdout, stderr));
    });
    CompletableFuture.allOf(ended, stdout.done(), stderr.done())
        .thenRunAsync(() -> {
          try {
            tap.end();
          } finally {
            finish(new Ended(ended.join(), isClosing()));
          }
        });
  }

  private void finish(ExitStatus status) {
    // Here as well: the other stage that hears of the end may be late, and who has been told of it
    // must not be told that a line was taken.
    writer.finish();
    listener.exited(status);
    exit.complete(status);
  }

  /// The end of input has been arranged for; what does not heed it is made to.
  private void shutDown(ProcessTree grown) {
    CompletableFuture.runAsync(grown::look);
    later(
        spec.exitGrace().toMillis(),
        () -> {
          if (grown.rootLives()) {
            grown.terminate();
            later(
                spec.termGrace().toMillis(),
                () -> {
                  if (grown.rootLives()) {
                    grown.kill();
                  }
                });
          }
        });
  }

  /// The child has ended; what it started and left behind is ended too.
  private void clearUp(ProcessTree grown) {
    grown.terminate();
    later(
        spec.termGrace().toMillis(),
        () -> {
          grown.kill();
          grown.forget();
        });
  }

  private void cutOffStragglers(Output stdout, Output stderr) {
    boolean bothDone = stdout.cutOffIfSilent() & stderr.cutOffIfSilent();
    if (!bothDone) {
      later(STRAGGLER_MILLIS, () -> cutOffStragglers(stdout, stderr));
    }
  }

  private boolean isClosing() {
    synchronized (lock) {
      return closing;
    }
  }

  private static void later(long millis, Runnable task) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS).execute(task);
  }

  private void thread(String what, Runnable task) {
    Thread.ofPlatform().daemon().name("outrider-" + spec.name() + "-" + what).start(task);
  }

  private final class FromStdout implements LineReader.Sink {
    @Override
    public void line(byte[] line) {
      listener.line(line);
    }

    @Override
    public void oversized(byte[] head) {
      listener.oversized(head);
    }
  }
}
