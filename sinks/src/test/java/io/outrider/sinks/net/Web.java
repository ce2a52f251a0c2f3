package io.outrider.sinks.net;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An HTTP receiver on loopback that keeps what it gets and answers what it is told.
public final class Web implements AutoCloseable {
  private final HttpServer server;
  private final CountDownLatch closed = new CountDownLatch(1);
  public final List<Got> got = new ArrayList<>();
  public final Deque<Say> says = new ArrayDeque<>();

  /// A request, its body decompressed.
  public record Got(String path, Map<String, List<String>> headers, byte[] body) {
    public String header(String name) {
      List<String> values = headers.get(name);
      return values == null ? "" : values.getFirst();
    }
  }

  /// An answer; status 0 never answers.
  public record Say(int status, Map<String, String> headers, byte[] body) {
    public static Say status(int status) {
      return new Say(status, Map.of(), new byte[0]);
    }
  }

  public Web() throws IOException {
    this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
  }

  /// A receiver that speaks https.
  public static Web secured(SSLContext tls) throws IOException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return new Web(server);
  }

  private Web(HttpServer server) {
    this.server = server;
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  public Poster.Endpoint endpoint(String path) {
    return endpoint(path, Map.of(), false, Duration.ofSeconds(20));
  }

  public Poster.Endpoint endpoint(
      String path, Map<String, String> headers, boolean gzip, Duration timeout) {
    return new Poster.Endpoint(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path),
        headers,
        gzip,
        null,
        timeout);
  }

  public Poster.Endpoint securely(@Nullable Path ca) {
    return new Poster.Endpoint(
        URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/"),
        Map.of(),
        false,
        ca,
        Duration.ofSeconds(20));
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      Say say;
      synchronized (this) {
        got.add(
            new Got(
                exchange.getRequestURI().getPath(),
                Map.copyOf(exchange.getRequestHeaders()),
                body));
        say = says.isEmpty() ? Say.status(200) : says.poll();
      }
      if (say.status() == 0) {
        closed.await();
        return;
      }
      say.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      exchange.sendResponseHeaders(say.status(), say.body().length == 0 ? -1 : say.body().length);
      exchange.getResponseBody().write(say.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
  }
}
