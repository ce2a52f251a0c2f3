package io.outrider.upstream.stdio;

/// Hears what one child says. Each method is called by one thread at a time, lines in the order
/// they were written; stdout and stderr come from different threads. A method that blocks holds
/// back only its own stream; one that throws loses what it was given and nothing else.
public interface ChildListener {

  /// One line from stdout, without its line end (LF or CRLF) and never empty. The array is the
  /// listener's to keep.
  void line(byte[] line);

  /// A line from stdout that was longer than the bound. Its rest is being skipped.
  ///
  /// @param head how it began, at most [LineReader#HEAD] bytes
  void oversized(byte[] head);

  /// One line from stderr, cut at a bound, with secrets and control characters taken out: fit for a
  /// log.
  void stderr(String line);

  /// So many lines from stderr were left out since the last one, because they came too fast.
  void stderrDropped(long lines);

  /// The child has ended, or was never started. Called exactly once, after everything else.
  void exited(ExitStatus status);
}
