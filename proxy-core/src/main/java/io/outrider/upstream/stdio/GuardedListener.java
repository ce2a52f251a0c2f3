package io.outrider.upstream.stdio;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps a listener's mistakes from ending the thread that reads for it.
record GuardedListener(String child, ChildListener to) implements ChildListener {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedListener.class);

  @Override
  public void line(byte[] line) {
    guard("line", () -> to.line(line));
  }

  @Override
  public void oversized(byte[] head) {
    guard("oversized", () -> to.oversized(head));
  }

  @Override
  public void stderr(String line) {
    guard("stderr", () -> to.stderr(line));
  }

  @Override
  public void stderrDropped(long lines) {
    guard("stderrDropped", () -> to.stderrDropped(lines));
  }

  @Override
  public void exited(ExitStatus status) {
    guard("exited", () -> to.exited(status));
  }

  private void guard(String event, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("child", child)
          .addKeyValue("event", event)
          .setCause(e)
          .log("the listener of a child process failed");
    }
  }
}
