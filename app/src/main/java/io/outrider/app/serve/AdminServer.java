package io.outrider.app.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.outrider.settings.AdminSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Health and metrics over plain HTTP, on a port of their own so that they can be kept from
/// clients. The JDK's server: it is not in the path of calls.
final class AdminServer implements AutoCloseable {
  private static final String JSON = "application/json";

  /// The text format of Prometheus.
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService workers;
  private final boolean loopback;
  private final Supplier<Readiness> readiness;

  private AdminServer(
      HttpServer server, ExecutorService workers, boolean loopback, Supplier<Readiness> readiness) {
    this.server = server;
    this.workers = workers;
    this.loopback = loopback;
    this.readiness = readiness;
  }

  /// Binds and serves.
  ///
  /// @param readiness asked for each request
  /// @param metrics the whole page in the Prometheus text format
  /// @throws IOException if the address cannot be bound
  static AdminServer start(
      AdminSettings settings, Supplier<Readiness> readiness, Supplier<String> metrics)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    if (address.isUnresolved()) {
      throw new IOException(
          "admin.address: '%s' (expected: an address of this machine)".formatted(settings.host()));
    }
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new IOException(
          "admin.address: %s:%d cannot be bound: %s"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
    // Two: a scraper that reads slowly must not keep a probe waiting.
    ExecutorService workers =
        Executors.newFixedThreadPool(
            2, Thread.ofPlatform().daemon().name("outrider-admin-", 0).factory());
    AdminServer admin =
        new AdminServer(server, workers, address.getAddress().isLoopbackAddress(), readiness);
    server.setExecutor(workers);
    server.createContext(
        "/",
        admin.guarded(exchange ->
            Answer.of(404, JSON, "{\"paths\":[\"/health/live\",\"/health/ready\",\"/metrics\"]}")));
    server.createContext(
        "/health/live", admin.guarded(exchange -> Answer.of(200, JSON, "{\"status\":\"live\"}")));
    server.createContext("/health/ready", admin.guarded(exchange -> admin.ready()));
    server.createContext(
        "/metrics", admin.guarded(exchange -> Answer.of(200, METRICS, metrics.get())));
    server.start();
    return admin;
  }

  /// Where it listens; the port is a real one.
  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }

  private Answer ready() {
    Readiness now = readiness.get();
    String body =
        JsonMapper.shared()
            .writeValueAsString(new Page(now.status(), now.unready(), now.degraded()));
    return Answer.of(now.ready() ? 200 : 503, JSON, body);
  }

  private HttpHandler guarded(Endpoint endpoint) {
    return exchange -> {
      try (exchange) {
        Answer answer;
        if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
          answer =
              Answer.of(405, JSON, "{\"error\":\"method not allowed (expected: GET or HEAD)\"}");
        } else if (loopback && !loopbackHost(exchange.getRequestHeaders().getFirst("Host"))) {
          // A page in a browser on this machine, whose name was made to point here.
          answer =
              Answer.of(403, JSON, "{\"error\":\"host not allowed (expected: a loopback name)\"}");
        } else if (!exchange
            .getRequestURI()
            .getPath()
            .equals(exchange.getHttpContext().getPath())) {
          answer = Answer.of(404, JSON, "{\"error\":\"not found\"}");
        } else {
          answer = endpoint.answer(exchange);
        }
        answer.send(exchange);
      }
    };
  }

  private static boolean loopbackHost(@Nullable String header) {
    if (header == null) {
      return false;
    }
    String host = header.toLowerCase(Locale.ROOT).replaceFirst(":\\d+$", "");
    return host.equals("localhost")
        || host.equals("[::1]")
        || (host.matches("127(\\.\\d{1,3}){3}") && literal(host));
  }

  private static boolean literal(String host) {
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @FunctionalInterface
  private interface Endpoint {
    Answer answer(HttpExchange exchange) throws IOException;
  }

  private record Page(String status, List<String> unready, List<String> degraded) {}

  private record Answer(int status, String type, byte[] body) {
    static Answer of(int status, String type, String body) {
      return new Answer(status, type, (body + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void send(HttpExchange exchange) throws IOException {
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      exchange.sendResponseHeaders(status, body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }
}
