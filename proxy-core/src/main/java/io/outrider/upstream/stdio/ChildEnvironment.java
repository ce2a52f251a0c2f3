package io.outrider.upstream.stdio;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a child sees of the proxy's environment: what a program needs to find other programs, the
/// user's folder, a place for temporary files and the language, and nothing that may be a secret.
/// Everything else a child is to have is in its configuration.
final class ChildEnvironment {

  /// The variables that are passed on when they are set.
  static final List<String> INHERITED =
      List.of(
          "PATH",
          "HOME",
          "USER",
          "LOGNAME",
          "SHELL",
          "TMPDIR",
          "TZ",
          "LANG",
          "LANGUAGE",
          "LC_ALL",
          "LC_CTYPE",
          "LC_MESSAGES");

  /// Where programs are looked for when no PATH is set, as POSIX shells do.
  private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

  private ChildEnvironment() {}

  static Map<String, String> of(Map<String, String> own, Map<String, String> configured) {
    Map<String, String> env = new LinkedHashMap<>();
    for (String name : INHERITED) {
      String value = own.get(name);
      // A value that begins like this is a function that bash exported: code, not data.
      if (value != null && !value.startsWith("()")) {
        env.put(name, value);
      }
    }
    env.putAll(configured);
    return env;
  }

  /// The file that a program name stands for in that environment, found as execvp(3) does; null
  /// when there is none that may be run.
  static @Nullable Path find(String program, Map<String, String> env, @Nullable Path directory) {
    Path base = directory == null ? Path.of("") : directory;
    if (program.indexOf('/') >= 0) {
      return runnable(base.resolve(program));
    }
    for (String folder : env.getOrDefault("PATH", DEFAULT_PATH).split(":", -1)) {
      Path found = runnable(base.resolve(folder).resolve(program));
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static @Nullable Path runnable(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file) ? file.toAbsolutePath() : null;
  }
}
