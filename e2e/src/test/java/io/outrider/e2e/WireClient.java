package io.outrider.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A legacy MCP client over HTTP that hands out what is on the wire, message by message, in its
/// order. Thread-safe: calls may run at the same time in one session.
final class WireClient implements AutoCloseable {
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final AtomicInteger ids = new AtomicInteger();
  private final Link.Http link;
  private @Nullable String session;

  private WireClient(Link.Http link) {
    this.link = link;
  }

  /// Connects and shakes hands.
  static WireClient connect(Link.Http link) {
    WireClient client = new WireClient(link);
    Answer hello = client.initialize();
    if (hello.status() != 200 || !hello.last().has("result")) {
      throw new AssertionError("initialize: " + hello);
    }
    client.session = hello.session();
    client.send(Json.object().put("jsonrpc", "2.0").put("method", "notifications/initialized"));
    return client;
  }

  /// What the first message of a handshake is answered, whatever it is.
  static Answer hello(Link.Http link) {
    try (WireClient client = new WireClient(link)) {
      return client.initialize();
    }
  }

  /// Sends the first message of a handshake; the head of the answer comes when it comes.
  static CompletableFuture<HttpResponse<InputStream>> head(Link.Http link, String name) {
    WireClient client = new WireClient(link);
    return client.http.sendAsync(
        client.prepare(client.message("initialize", hello(name))),
        HttpResponse.BodyHandlers.ofInputStream());
  }

  /// Goes on with a session that is there already.
  static WireClient in(Link.Http link, String session) {
    WireClient client = new WireClient(link);
    client.session = session;
    return client;
  }

  private Answer initialize() {
    return request("initialize", hello("wire"), m -> {});
  }

  private static ObjectNode hello(String name) {
    ObjectNode params = Json.object().put("protocolVersion", "2025-11-25");
    params.putObject("capabilities");
    params.putObject("clientInfo").put("name", name).put("version", "1");
    return params;
  }

  /// What came back for one request.
  ///
  /// @param messages every message on the reply, in order; the last is the response
  record Answer(int status, @Nullable String session, List<JsonNode> messages) {
    JsonNode last() {
      if (messages.isEmpty()) {
        throw new AssertionError("nothing came: " + this);
      }
      return messages.getLast();
    }

    @Override
    public String toString() {
      return status + " " + messages;
    }
  }

  Answer call(String tool, Object arguments) {
    return call(tool, arguments, null, m -> {});
  }

  /// Calls a tool, and hands out each message of the reply as it comes.
  Answer call(String tool, Object arguments, @Nullable String progress, Consumer<JsonNode> each) {
    ObjectNode params = Json.object().put("name", tool);
    params.set("arguments", Json.of(arguments));
    if (progress != null) {
      params.putObject("_meta").put("progressToken", progress);
    }
    return request("tools/call", params, each);
  }

  Answer request(String method, JsonNode params, Consumer<JsonNode> each) {
    HttpResponse<InputStream> response = post(message(method, params));
    List<JsonNode> messages = new ArrayList<>();
    Consumer<JsonNode> keep =
        m -> {
          messages.add(m);
          each.accept(m);
        };
    try (InputStream body = response.body()) {
      if (response
          .headers()
          .firstValue("content-type")
          .orElse("")
          .startsWith("text/event-stream")) {
        events(body, keep);
      } else {
        String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
        if (!text.isBlank()) {
          keep.accept(Json.parse(text));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Answer(
        response.statusCode(),
        response.headers().firstValue("mcp-session-id").orElse(null),
        messages);
  }

  private ObjectNode message(String method, JsonNode params) {
    ObjectNode message =
        Json.object().put("jsonrpc", "2.0").put("id", ids.incrementAndGet()).put("method", method);
    message.set("params", params);
    return message;
  }

  private void send(JsonNode message) {
    try (InputStream body = post(message).body()) {
      body.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<InputStream> post(JsonNode message) {
    try {
      return http.send(prepare(message), HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw Child.interrupted(e);
    }
  }

  private HttpRequest prepare(JsonNode message) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(link.url()))
            .timeout(Child.PATIENCE)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(message.toString()));
    link.headers().forEach(request::header);
    if (session != null) {
      request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", "2025-11-25");
    }
    return request.build();
  }

  /// Enough of the format for what servers write: `data:` lines up to an empty one.
  private static void events(InputStream body, Consumer<JsonNode> each) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    StringBuilder data = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data:")) {
        data.append(line.substring(5).strip());
      } else if (line.isEmpty() && !data.isEmpty()) {
        each.accept(Json.parse(data.toString()));
        data.setLength(0);
      }
    }
  }

  /// Drops its connections without a word.
  @Override
  public void close() {
    http.shutdownNow();
  }

  static Map<String, String> message(String text) {
    return Map.of("message", text);
  }
}
