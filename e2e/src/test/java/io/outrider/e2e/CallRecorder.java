package io.outrider.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server over Streamable HTTP that keeps every message it receives, headers included, so
/// that a test can say what reached it and what did not. Thread-safe.
final class CallRecorder implements AutoCloseable {
  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final RecordingServer server;
  private final List<Received> received = new ArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final CountDownLatch release = new CountDownLatch(1);

  private CallRecorder(RecordingServer server) throws IOException {
    this.server = server;
    this.http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.setExecutor(threads);
    http.createContext("/mcp", this::handle);
    http.start();
  }

  static CallRecorder start() {
    return start(RecordingServer.USUAL);
  }

  static CallRecorder start(RecordingServer server) {
    try {
      return new CallRecorder(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One message as it came.
  record Received(Map<String, List<String>> headers, String body, JsonNode json) {
    String method() {
      return json.path("method").stringValue("");
    }
  }

  Link.Http link() {
    return new Link.Http("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
  }

  List<Received> received() {
    synchronized (received) {
      return List.copyOf(received);
    }
  }

  /// The names of the tools that were called here, in order.
  List<String> called() {
    return received().stream()
        .filter(r -> r.method().equals("tools/call"))
        .map(r -> r.json().path("params").path("name").stringValue(""))
        .toList();
  }

  /// Lets the calls of the tool `held` and the handshakes of a client called `held` end. They have
  /// sent a progress notification, if they were asked for one, and wait in the middle of their
  /// reply.
  void release() {
    release.countDown();
  }

  /// Waits until so many messages with this method have come.
  void await(String method, int count) {
    long deadline = System.nanoTime() + Child.PATIENCE.toNanos();
    synchronized (received) {
      while (received.stream().filter(r -> r.method().equals(method)).count() < count) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AssertionError("fewer than %d of %s came: %s".formatted(count, method, all()));
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(received, left);
        } catch (InterruptedException e) {
          throw Child.interrupted(e);
        }
      }
    }
  }

  /// Everything that reached this server, as text.
  String all() {
    StringBuilder all = new StringBuilder();
    received().forEach(r -> all.append(r.headers()).append(r.body()).append('\n'));
    return all.toString();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        boolean bye = exchange.getRequestMethod().equals("DELETE");
        exchange.sendResponseHeaders(bye ? 200 : 405, -1);
        return;
      }
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      JsonNode message = Json.parse(body);
      synchronized (received) {
        received.add(new Received(Map.copyOf(exchange.getRequestHeaders()), body, message));
        received.notifyAll();
      }
      if (message.path("params").path("clientInfo").path("name").stringValue("").equals("held")) {
        exchange.getResponseHeaders().set("Mcp-Session-Id", "held-session");
        holdTheHandshake(exchange, message);
        return;
      }
      if (message.path("params").path("name").stringValue("").equals("held")) {
        hold(exchange, message);
        return;
      }
      ObjectNode reply = server.answer(message);
      if (reply == null) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      if (message.path("method").stringValue("").equals("initialize")) {
        exchange
            .getResponseHeaders()
            .set("Mcp-Session-Id", "recorded-" + sessions.incrementAndGet());
      }
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private boolean released() {
    try {
      return release.await(Child.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void hold(HttpExchange exchange, JsonNode message) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    JsonNode token = message.path("params").path("_meta").path("progressToken");
    if (!token.isMissingNode()) {
      ObjectNode progress =
          Json.object().put("jsonrpc", "2.0").put("method", "notifications/progress");
      progress.putObject("params").put("progress", 1).put("total", 2).set("progressToken", token);
      event(exchange, progress);
    }
    if (!released()) {
      return;
    }
    ObjectNode reply = Json.object().put("jsonrpc", "2.0");
    reply.set("id", message.get("id"));
    reply.set("result", RecordingServer.text("held, and let go"));
    event(exchange, reply);
  }

  /// As servers that can resume streams do: the head and an event without a message at once, the
  /// answer later.
  private void holdTheHandshake(HttpExchange exchange, JsonNode message) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write("id: 1\ndata:\n\n".getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
    if (released()) {
      event(exchange, Objects.requireNonNull(server.answer(message)));
    }
  }

  private static void event(HttpExchange exchange, JsonNode message) throws IOException {
    exchange
        .getResponseBody()
        .write(("event: message\ndata: " + message + "\n\n").getBytes(StandardCharsets.UTF_8));
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    release();
    http.stop(0);
    threads.shutdownNow();
  }
}
