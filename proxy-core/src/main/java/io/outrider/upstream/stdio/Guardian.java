package io.outrider.upstream.stdio;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A small shell process that outlives the proxy by a second. It knows the process group of every
/// child; when the proxy is gone, however it went, its input ends, and it ends the groups: the
/// children's own children too, which a parent-death signal does not reach. While the proxy lives
/// it sends the signals to groups that Java cannot send. Thread-safe; may block for a moment.
final class Guardian {

  private static final String SCRIPT =
      """
      trap '' HUP INT TERM
      groups=' '
      while read -r verb group; do
        case $verb in
          watch) groups="$groups$group " ;;
          forget)
            case $groups in
              *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;;
            esac ;;
          *) kill -s "$verb" -- "-$group" ;;
        esac
      done
      for group in $groups; do kill -s TERM -- "-$group"; done
      [ "$groups" = ' ' ] || sleep 1
      for group in $groups; do kill -s KILL -- "-$group"; done
      """;

  private final List<String> command;
  private final Map<String, String> env;
  private final Set<Long> groups = new LinkedHashSet<>();
  private @Nullable OutputStream orders;

  /// @param setsid puts the guardian where a Ctrl-C at the terminal does not reach it
  Guardian(Path setsid, Path sh, Map<String, String> env) {
    this.command = List.of(setsid.toString(), sh.toString(), "-c", SCRIPT, "outrider-guardian");
    this.env = env;
  }

  /// Starts it. Groups that were watched by one that was lost are watched again.
  synchronized void start() throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    orders = builder.start().getOutputStream();
    for (Long group : groups) {
      say("watch", group);
    }
  }

  synchronized void watch(long group) throws IOException {
    groups.add(group);
    if (orders == null) {
      start();
    } else {
      say("watch", group);
    }
  }

  synchronized void forget(long group) {
    if (groups.remove(group)) {
      sayIfAlive("forget", group);
    }
  }

  /// Sends a signal to every process of the group; false when there is nobody to send it.
  synchronized boolean signal(String name, long group) {
    return sayIfAlive(name, group);
  }

  private boolean sayIfAlive(String verb, long group) {
    if (orders == null) {
      return false;
    }
    try {
      say(verb, group);
      return true;
    } catch (IOException somebodyKilledIt) {
      orders = null;
      return false;
    }
  }

  private void say(String verb, long group) throws IOException {
    OutputStream out = orders;
    if (out != null) {
      out.write((verb + " " + group + "\n").getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  }
}
