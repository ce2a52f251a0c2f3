package io.outrider.app.console;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.verify.SafeText;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// What is sent back.
sealed interface Answer {
  String JSON = "application/json";
  String TEXT = "text/plain; charset=utf-8";

  int status();

  String type();

  /// Headers besides those every answer has.
  Map<String, String> headers();

  /// All of it, in memory.
  record Whole(int status, String type, byte[] body, Map<String, String> headers)
      implements Answer {
    public Whole {
      headers = Map.copyOf(headers);
    }

    Whole with(String name, String value) {
      return new Whole(status, type, body, Map.of(name, value));
    }
  }

  /// Nothing, because that it is read cannot be recorded.
  static Whole unrecorded(NotRecordedException e) {
    return error(503, "not shown, because the log cannot record that it is read: " + e.getMessage())
        .with("Retry-After", "5");
  }

  /// Written piece by piece; what goes wrong meanwhile breaks the connection off, so that nobody
  /// takes a part for the whole.
  ///
  /// @param before done when nothing else keeps the body from being sent
  record Streamed(String type, Map<String, String> headers, Before before, Body body)
      implements Answer {
    public Streamed {
      headers = Map.copyOf(headers);
    }

    @Override
    public int status() {
      return 200;
    }
  }

  @FunctionalInterface
  interface Before {
    void record() throws NotRecordedException;
  }

  @FunctionalInterface
  interface Body {
    void write(OutputStream out) throws IOException, FormatException;
  }

  /// A value as JSON. Texts of any origin stand in it escaped, so that it does no harm in a
  /// terminal either.
  static Whole json(int status, Object value) {
    String text = SafeText.json(JsonMapper.shared().writeValueAsString(value)) + "\n";
    return new Whole(status, JSON, text.getBytes(StandardCharsets.UTF_8), Map.of());
  }

  static Whole error(int status, String message) {
    return json(status, Map.of("error", message));
  }

  static Whole text(int status, String text) {
    return new Whole(status, TEXT, (text + "\n").getBytes(StandardCharsets.UTF_8), Map.of());
  }
}
