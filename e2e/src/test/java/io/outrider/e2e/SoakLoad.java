package io.outrider.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Callers of numbered tools at a steady pace, and the server they call. Each call has a number of
/// its own that the record names in the clear, so that the server's list and the record can be
/// compared. Thread-safe.
final class SoakLoad implements AutoCloseable {
  /// The default caps let one principal have eight calls at a time.
  private static final int CALLERS = 8;

  private static final String TOOL = "call-";
  private static final String TEXT = "a question of usual length ".repeat(10);

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final BitSet reached = new BitSet();
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong cut = new AtomicLong();
  private final Map<String, Long> refused = new TreeMap<>();
  private final List<String> broken = new ArrayList<>();

  SoakLoad() {
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/mcp", this::handle);
    http.start();
  }

  /// Number of the call that a tool's name tells, or -1.
  static int number(String tool) {
    return tool.startsWith(TOOL) ? Integer.parseInt(tool.substring(TOOL.length())) : -1;
  }

  Link.Http server() {
    return new Link.Http("http://127.0.0.1:" + http.getAddress().getPort() + "/mcp");
  }

  /// Calls that reached the server.
  BitSet reached() {
    synchronized (reached) {
      return (BitSet) reached.clone();
    }
  }

  long answered() {
    return answered.get();
  }

  /// Calls that a kill cut off.
  long cut() {
    return cut.get();
  }

  /// Refused calls, by what was said.
  Map<String, Long> refused() {
    synchronized (refused) {
      return new TreeMap<>(refused);
    }
  }

  /// Calls that came to nothing although nobody had killed anything.
  List<String> broken() {
    synchronized (broken) {
      return List.copyOf(broken);
    }
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(exchange.getRequestMethod().equals("DELETE") ? 200 : 405, -1);
        return;
      }
      JsonNode message =
          Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      int call = number(message.path("params").path("name").stringValue(""));
      if (call >= 0) {
        synchronized (reached) {
          reached.set(call);
        }
      }
      ObjectNode reply = RecordingServer.USUAL.answer(message);
      if (reply == null) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      byte[] bytes = reply.toString().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /// Starts calling.
  ///
  /// @param perSecond calls of all callers together; infinite for as many as will go
  Callers start(Link.Http link, double perSecond) {
    return new Callers(link, perSecond);
  }

  /// Callers at work against one process.
  final class Callers {
    private final WireClient client;
    private final long interval;
    private final AtomicLong due = new AtomicLong(System.nanoTime());
    private final List<CompletableFuture<Void>> running = new ArrayList<>();
    private volatile boolean going = true;

    private Callers(Link.Http link, double perSecond) {
      client = WireClient.connect(link);
      interval = (long) (TimeUnit.SECONDS.toNanos(1) / perSecond);
      for (int i = 0; i < CALLERS; i++) {
        running.add(CompletableFuture.runAsync(this::callAway, threads));
      }
    }

    /// What goes wrong from now on is the kill's doing.
    void expectTheEnd() {
      going = false;
    }

    void stop() {
      going = false;
      running.forEach(caller -> Child.within(caller, Child.PATIENCE));
      client.close();
    }

    private void callAway() {
      while (going) {
        long now = System.nanoTime();
        // What could not be called in time is left out, not caught up with.
        long turn =
            due.getAndUpdate(t -> Math.max(t, now - TimeUnit.SECONDS.toNanos(1)) + interval);
        for (long wait = turn - now; wait > 0; wait = turn - System.nanoTime()) {
          LockSupport.parkNanos(wait);
        }
        call();
      }
    }

    private void call() {
      try {
        WireClient.Answer answer =
            client.call(TOOL + numbers.getAndIncrement(), WireClient.message(TEXT));
        JsonNode error = answer.messages().isEmpty() ? Json.object() : answer.last().path("error");
        if (!answer.messages().isEmpty() && answer.last().has("result")) {
          answered.incrementAndGet();
        } else {
          synchronized (refused) {
            refused.merge(
                answer.status() + " " + error.path("message").asString(""), 1L, Long::sum);
          }
        }
      } catch (UncheckedIOException e) {
        if (going) {
          synchronized (broken) {
            broken.add(String.valueOf(e.getCause()));
          }
        } else {
          cut.incrementAndGet();
        }
      }
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
