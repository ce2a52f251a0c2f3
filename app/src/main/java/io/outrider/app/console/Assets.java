package io.outrider.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The files of the page, each read when it is first asked for and then held in memory. All of them
/// are known by name; nothing else is served. Thread-safe.
final class Assets {
  private static final String SCRIPT = "text/javascript; charset=utf-8";

  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("index.html", "text/html; charset=utf-8"),
          Map.entry("console.css", "text/css; charset=utf-8"),
          Map.entry("icon.svg", "image/svg+xml"),
          Map.entry("main.js", SCRIPT),
          Map.entry("api.js", SCRIPT),
          Map.entry("call.js", SCRIPT),
          Map.entry("chart.js", SCRIPT),
          Map.entry("dom.js", SCRIPT),
          Map.entry("facets.js", SCRIPT),
          Map.entry("list.js", SCRIPT),
          Map.entry("query.js", SCRIPT),
          Map.entry("verify.js", SCRIPT));

  private final Map<String, Answer.Whole> files = new ConcurrentHashMap<>();

  /// @throws IOException if a file of the page is not in the distribution
  Optional<Answer.Whole> file(String asked) throws IOException {
    String name = asked.isEmpty() ? "index.html" : asked;
    String type = TYPES.get(name);
    if (type == null) {
      return Optional.empty();
    }
    Answer.Whole known = files.get(name);
    if (known == null) {
      known = read(name, type);
      files.put(name, known);
    }
    return Optional.of(known);
  }

  private static Answer.Whole read(String name, String type) throws IOException {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("console: " + name + " is not in the distribution");
      }
      return new Answer.Whole(200, type, in.readAllBytes(), Map.of());
    }
  }
}
