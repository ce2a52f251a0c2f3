package io.outrider.hostile;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One hostile message and the answer it is to get: one file of the folder `hostile` of the test
/// resources, whose README describes the format.
///
/// @param name the file's name without its ending
/// @param why what is wrong with it, and whom it would harm
/// @param expect the answer by key: `status` and, where given, `code`, `id`, `slug`, `closed`,
///   `upstream`
/// @param session what is opened first: `no`, `yes`, `busy`
/// @param template the bytes to send, escapes and placeholders not yet replaced
public record HostileCase(
    String name, String why, Map<String, String> expect, String session, String template) {

  private static final Set<String> KEYS =
      Set.of("status", "code", "id", "slug", "closed", "upstream", "session");

  /// All cases by name.
  public static List<HostileCase> all() {
    try (Stream<Path> files = Files.list(folder())) {
      return files
          .filter(file -> file.toString().endsWith(".case"))
          .sorted()
          .map(HostileCase::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder() {
    return Path.of("src", "test", "resources", "hostile");
  }

  static HostileCase read(Path file) {
    try {
      String name = file.getFileName().toString().replace(".case", "");
      return parse(name, Files.readString(file, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static HostileCase parse(String name, String text) {
    StringBuilder why = new StringBuilder();
    Map<String, String> expect = new HashMap<>();
    int at = 0;
    while (true) {
      int end = text.indexOf('\n', at);
      if (end < 0) {
        throw new IllegalArgumentException(name + ": no empty line before the message");
      }
      String line = text.substring(at, end);
      at = end + 1;
      if (line.isEmpty()) {
        break;
      }
      if (line.startsWith("#")) {
        why.append(why.isEmpty() ? "" : " ").append(line.substring(1).strip());
        continue;
      }
      String[] pair = line.split(": ", 2);
      if (pair.length != 2 || !KEYS.contains(pair[0])) {
        throw new IllegalArgumentException(name + ": \"" + line + "\" (expected: one of " + KEYS);
      }
      expect.put(pair[0], pair[1]);
    }
    if (why.isEmpty() || !expect.containsKey("status")) {
      throw new IllegalArgumentException(name + ": needs a reason (#) and a status");
    }
    String session = expect.getOrDefault("session", "no");
    expect.remove("session");
    return new HostileCase(name, why.toString(), Map.copyOf(expect), session, text.substring(at));
  }

  /// The HTTP status, or null when no answer is to come.
  public @Nullable Integer status() {
    String status = expect.get("status");
    return status == null || status.equals("none") ? null : Integer.valueOf(status);
  }

  /// Whether the connection must be closed by the other side after one answer.
  public boolean mustClose() {
    return "yes".equals(expect.get("closed"));
  }

  /// Whether the sender falls silent in the middle.
  public boolean isSlow() {
    return template.contains("%{stall}");
  }

  /// How many calls reach the upstream.
  public int upstream() {
    return Integer.parseInt(expect.getOrDefault("upstream", "0"));
  }

  /// The message with its placeholders filled in.
  ///
  /// @param values `host`, `port`, `session` and `foreign-session`
  public HostileBytes bytes(Map<String, String> values) {
    return HostileBytes.of(template, values);
  }

  @Override
  public String toString() {
    return name;
  }
}
