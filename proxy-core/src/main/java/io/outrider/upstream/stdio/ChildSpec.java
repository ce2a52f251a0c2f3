package io.outrider.upstream.stdio;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What to start and how to treat it.
///
/// @param name what the child is called in logs and thread names
/// @param command program and arguments, passed on as they are: no shell reads them
/// @param env variables for the child, on top of the few named in [ChildEnvironment]; these win.
///   The values may be secrets and are never shown
/// @param directory the child's working folder, or null for the proxy's own
/// @param maxLineBytes the longest line accepted from the child, without its line end
/// @param maxQueuedBytes how much may wait to be written to a child that does not read
/// @param exitGrace how long the child has to end after its stdin was closed, before SIGTERM
/// @param termGrace how long it has after SIGTERM, before SIGKILL
public record ChildSpec(
    String name,
    List<String> command,
    Map<String, String> env,
    @Nullable Path directory,
    int maxLineBytes,
    long maxQueuedBytes,
    Duration exitGrace,
    Duration termGrace) {

  /// Tool results with a picture in them run to megabytes; other MCP SDKs stop at 10 to 16 MiB too.
  public static final int DEFAULT_MAX_LINE = 16 * 1024 * 1024;

  /// Two of the longest lines: enough for every burst of a child that keeps up at all.
  public static final long DEFAULT_MAX_QUEUED = 2L * DEFAULT_MAX_LINE;

  /// A server that saves its state at the end of input needs a moment; a user who stops the proxy
  /// does not wait much longer.
  public static final Duration DEFAULT_GRACE = Duration.ofSeconds(2);

  public ChildSpec {
    command = List.copyOf(command);
    env = Map.copyOf(env);
    if (command.isEmpty() || command.getFirst().isEmpty()) {
      throw new IllegalArgumentException("command: empty (expected: a program and its arguments)");
    }
    for (String word : command) {
      if (word.indexOf('\0') >= 0) {
        throw new IllegalArgumentException("command: a word with a NUL character (expected: none)");
      }
    }
    env.forEach(ChildSpec::checkVariable);
    if (maxLineBytes < 1) {
      throw new IllegalArgumentException("maxLineBytes: " + maxLineBytes + " (expected: above 0)");
    }
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException(
          "maxQueuedBytes: " + maxQueuedBytes + " (expected: above 0)");
    }
    if (exitGrace.isNegative() || termGrace.isNegative()) {
      throw new IllegalArgumentException(
          "grace: " + exitGrace + ", " + termGrace + " (expected: not negative)");
    }
  }

  /// A child with the default bounds and grace times, in the proxy's own folder.
  public static ChildSpec of(String name, List<String> command, Map<String, String> env) {
    return new ChildSpec(
        name,
        command,
        env,
        null,
        DEFAULT_MAX_LINE,
        DEFAULT_MAX_QUEUED,
        DEFAULT_GRACE,
        DEFAULT_GRACE);
  }

  private static void checkVariable(String name, String value) {
    if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "env: name \"" + name + "\" (expected: not empty, without '=' and NUL)");
    }
    if (value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("env: " + name + " has a NUL character (expected: none)");
    }
  }

  /// Names the program and the variables, and shows neither arguments nor values: both carry
  /// secrets.
  @Override
  public String toString() {
    return "ChildSpec[" + name + ": " + command.getFirst() + ", env " + env.keySet() + "]";
  }
}
