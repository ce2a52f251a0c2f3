package io.outrider.app.console;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The files of the page. All of them are known by name and held in memory; nothing else is served.
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

  private final Map<String, Answer.Whole> files;

  private Assets(Map<String, Answer.Whole> files) {
    this.files = Map.copyOf(files);
  }

  static Assets load() throws IOException {
    Map<String, Answer.Whole> files = new HashMap<>();
    for (Map.Entry<String, String> type : TYPES.entrySet()) {
      try (InputStream in = Assets.class.getResourceAsStream(type.getKey())) {
        if (in == null) {
          throw new IOException("console: " + type.getKey() + " is not in the distribution");
        }
        files.put(
            type.getKey(), new Answer.Whole(200, type.getValue(), in.readAllBytes(), Map.of()));
      }
    }
    return new Assets(files);
  }

  Optional<Answer.Whole> file(String name) {
    return Optional.ofNullable(files.get(name.isEmpty() ? "index.html" : name));
  }
}
