package io.outrider.e2e;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// How a client reaches a server.
sealed interface Link {
  /// Streamable HTTP.
  record Http(String url, Map<String, String> headers) implements Link {
    public Http(String url) {
      this(url, Map.of());
    }
  }

  /// A process it starts and talks to over standard input and output.
  record Stdio(List<String> command, Map<String, String> env) implements Link {
    public Stdio {
      command = List.copyOf(command);
      env = Map.copyOf(env);
    }
  }

  /// As the client scripts read it.
  default ObjectNode json() {
    ObjectNode json = Json.object();
    switch (this) {
      case Http(String url, Map<String, String> headers) -> {
        json.put("http", url);
        json.set("headers", Json.of(headers));
      }
      case Stdio(List<String> command, Map<String, String> env) -> {
        json.set("stdio", Json.of(command));
        json.set("env", Json.of(env));
      }
    }
    return json;
  }
}
