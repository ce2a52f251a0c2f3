package io.outrider.app.serve;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.outrider.app.console.LoopbackHost;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.sinks.net.Tls;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Health and metrics over HTTP, with TLS or without, on a port of their own so that they can be
/// kept from clients. The JDK's server: it is not in the path of calls.
final class AdminServer implements AutoCloseable {
  private static final String MAX_REQUEST_SECONDS = "10";
  private static final String MAX_CONNECTIONS = "200";

  private static final Logger log = LoggerFactory.getLogger(AdminServer.class);

  private static final String JSON = "application/json";

  /// The text format of Prometheus.
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService workers;
  private final boolean loopback;
  private final Supplier<Readiness> readiness;
  private final AutoCloseable part;

  private AdminServer(
      HttpServer server,
      ExecutorService workers,
      boolean loopback,
      Supplier<Readiness> readiness,
      AutoCloseable part) {
    this.server = server;
    this.workers = workers;
    this.loopback = loopback;
    this.readiness = readiness;
    this.part = part;
  }

  /// What else answers on the port, under paths of its own.
  @FunctionalInterface
  interface Part {
    /// Begins to answer on a server.
    ///
    /// @param loopback whether only this machine can connect
    /// @return what to close when the server ends
    AutoCloseable on(HttpServer server, boolean loopback);

    /// Nothing else.
    Part NONE = (server, loopback) -> () -> {};
  }

  /// Binds and serves.
  ///
  /// @param readiness asked for each request
  /// @param metrics the whole page in the Prometheus text format
  /// @throws IOException if the address cannot be bound
  static AdminServer start(
      AdminSettings settings, Supplier<Readiness> readiness, Supplier<String> metrics, Part part)
      throws IOException {
    InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
    // Read once, by the first server of the JDK's: no client may hold a connection by saying
    // nothing,
    // nor take all descriptors, which the calls and the log need, too.
    System.setProperty("sun.net.httpserver.maxReqTime", MAX_REQUEST_SECONDS);
    System.setProperty("jdk.httpserver.maxConnections", MAX_CONNECTIONS);
    if (address.isUnresolved()) {
      throw new IOException(
          "admin.address: '%s' (expected: an address of this machine)".formatted(settings.host()));
    }
    HttpServer server;
    try {
      server = server(settings.tls(), address);
    } catch (TlsProblem e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "admin.address: %s:%d cannot be bound: %s"
              .formatted(settings.host(), settings.port(), e.getMessage()),
          e);
    }
    // A thread for each: whoever sends half a request must not keep a probe waiting.
    ExecutorService workers =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("outrider-admin-", 0).factory());
    boolean loopback = address.getAddress().isLoopbackAddress();
    AutoCloseable more;
    try {
      more = part.on(server, loopback);
    } catch (RuntimeException e) {
      server.stop(0);
      throw e;
    }
    AdminServer admin = new AdminServer(server, workers, loopback, readiness, more);
    server.setExecutor(workers);
    server.createContext(
        "/",
        admin.guarded(exchange ->
            Answer.of(
                404,
                JSON,
                "{\"paths\":[\"/health/live\",\"/health/ready\",\"/metrics\",\"/console/\"]}")));
    server.createContext(
        "/health/live", admin.guarded(exchange -> Answer.of(200, JSON, "{\"status\":\"live\"}")));
    server.createContext("/health/ready", admin.guarded(exchange -> admin.ready()));
    server.createContext(
        "/metrics", admin.guarded(exchange -> Answer.of(200, METRICS, metrics.get())));
    server.start();
    return admin;
  }

  private static HttpServer server(ListenSettings.@Nullable Tls tls, InetSocketAddress address)
      throws IOException {
    if (tls == null) {
      return HttpServer.create(address, 0);
    }
    SSLContext context;
    try {
      context = Tls.context(tls.clientCa(), tls.cert(), tls.key());
    } catch (IOException e) {
      throw new TlsProblem(e);
    }
    boolean asks = tls.clientCa() != null;
    HttpsServer server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = getSSLContext().getDefaultSSLParameters();
            ssl.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            ssl.setNeedClientAuth(asks);
            parameters.setSSLParameters(ssl);
          }
        });
    return server;
  }

  private static final class TlsProblem extends IOException {
    private static final long serialVersionUID = 1L;

    TlsProblem(IOException cause) {
      super("admin.tls: " + cause.getMessage(), cause);
    }
  }

  /// Where it listens; the port is a real one.
  InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
    try {
      part.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("the admin port did not close well");
    }
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
        } else if (loopback && !LoopbackHost.is(exchange.getRequestHeaders().getFirst("Host"))) {
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
