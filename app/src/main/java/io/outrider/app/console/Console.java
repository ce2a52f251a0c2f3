package io.outrider.app.console;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsExchange;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.index.LogIndex;
import io.outrider.settings.ConsoleSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The page where the audit log is read, under `/console/` of an HTTP server. It changes nothing in
/// the log but for the records that it was read.
///
/// It has threads of its own: a search that takes long, or a reader that is slow, must not keep a
/// health probe waiting.
public final class Console implements AutoCloseable {
  public static final String PATH = "/console/";

  private static final Logger log = LoggerFactory.getLogger(Console.class);

  private static final String API = PATH + "api/";

  /// As many as one page asks at once, with some left beside the exports.
  private static final int WORKERS = 4;

  private static final int QUEUE = 64;
  private static final int EXPORTS = 2;

  /// Nothing from elsewhere, nothing inline, no text that becomes markup.
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
              + " frame-ancestors 'none'; base-uri 'none'; form-action 'none';"
              + " require-trusted-types-for 'script'; trusted-types 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "X-Frame-Options",
          "DENY",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Cache-Control",
          "no-store");

  private final boolean loopback;
  private final Gate gate;
  private final Assets assets = new Assets();
  private final Api api;
  private final Indexing indexing;
  private final Verifying verifying;
  private final Semaphore exports = new Semaphore(EXPORTS);
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          WORKERS,
          WORKERS,
          1,
          TimeUnit.MINUTES,
          new ArrayBlockingQueue<>(QUEUE),
          Thread.ofPlatform().daemon().name("outrider-console-", 0).factory());

  /// What a console shows, and to whom.
  ///
  /// @param folder of the log
  /// @param key the log's public key
  /// @param keyFromFolder whether the key was found in that folder, so that it proves only that the
  ///   folder agrees with itself
  /// @param loopback whether only this machine can connect
  /// @param tokens who may look; with none, whoever connects to a loopback address
  /// @param nameless what the log calls whoever looks without a token
  /// @param ledger told who reads
  /// @param version of this product, for exports that name it
  public record Setup(
      Path folder,
      VerifierKey key,
      boolean keyFromFolder,
      boolean loopback,
      List<ConsoleSettings.Token> tokens,
      String nameless,
      Ledger ledger,
      String version,
      InstantSource clock) {
    public Setup {
      tokens = List.copyOf(tokens);
    }
  }

  private Console(Setup setup) {
    LogSource source = LogSource.folder(setup.folder());
    LogIndex index = LogIndex.open(setup.folder());
    this.loopback = setup.loopback();
    this.gate =
        new Gate(setup.tokens(), setup.nameless(), setup.loopback(), setup.ledger(), setup.clock());
    this.indexing = new Indexing(index, setup.clock());
    this.verifying =
        new Verifying(source, setup.keyFromFolder() ? null : setup.key(), setup.clock());
    this.api =
        new Api(
            source,
            index,
            indexing,
            verifying,
            new StatusView(source, setup.key(), setup.keyFromFolder()),
            new CallView(source, setup.key()),
            gate,
            setup.ledger(),
            setup.version(),
            setup.clock());
    workers.allowCoreThreadTimeOut(true);
  }

  /// A console that answers on `server` from now on.
  public static Console on(HttpServer server, Setup setup) {
    Console console = new Console(setup);
    server.createContext("/console", console::handle);
    return console;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      workers.execute(() -> serve(exchange));
    } catch (RejectedExecutionException e) {
      try (exchange) {
        send(
            exchange,
            Answer.error(503, "the console is busy; try again in a second")
                .with("Retry-After", "1"));
      }
    }
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (IOException e) {
        answer = Answer.error(500, String.valueOf(e.getMessage()));
      } catch (RuntimeException e) {
        log.atError().setCause(e).log("a question of the console failed");
        answer = Answer.error(500, "unexpected error; see the operator's log");
      }
      send(exchange, answer);
    } catch (IOException e) {
      log.atDebug().setCause(e).log("an answer of the console was not taken");
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getPath();
    if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
      return Answer.error(405, "method not allowed (expected: GET or HEAD)");
    }
    if (path.startsWith(API) && !exchange.getRequestMethod().equals("GET")) {
      // Nothing is read by it, and a record that something was would be wrong.
      return Answer.error(405, "method not allowed (expected: GET)");
    }
    if (loopback && !LoopbackHost.is(headers.getFirst("Host"))) {
      return Answer.error(403, "host not allowed (expected: a loopback name)");
    }
    if (gate.shut().isPresent()) {
      return Answer.text(403, gate.shut().get());
    }
    if (path.equals("/console")) {
      return Answer.text(308, "console/").with("Location", "console/");
    }
    if (path.startsWith(API)) {
      return api(exchange, path.substring(API.length()));
    }
    return path.startsWith(PATH)
        ? assets.file(path.substring(PATH.length())).orElseGet(() -> Answer.error(404, "not found"))
        : Answer.error(404, "not found");
  }

  private Answer api(HttpExchange exchange, String name) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String site = headers.getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return Answer.error(403, "asked by another site (expected: by the console itself)");
    }
    String address = exchange.getRemoteAddress().getAddress().getHostAddress();
    if (name.equals("sign-in")) {
      return gate.signIn(headers, address, exchange instanceof HttpsExchange);
    }
    if (name.equals("sign-out")) {
      return gate.signOut(headers);
    }
    return switch (gate.enter(headers, address)) {
      case Gate.Entry.Refused(Answer.Whole refusal) -> refusal;
      case Gate.Entry.Granted(Visitor visitor) ->
          api.answer(name, exchange.getRequestURI().getRawQuery(), visitor);
    };
  }

  private void send(HttpExchange exchange, Answer answer) throws IOException {
    Headers headers = exchange.getResponseHeaders();
    HEADERS.forEach(headers::set);
    headers.set("Content-Type", answer.type());
    answer.headers().forEach(headers::set);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    switch (answer) {
      case Answer.Whole whole -> {
        exchange.sendResponseHeaders(whole.status(), head ? -1 : whole.body().length);
        if (!head) {
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(whole.body());
          }
        }
      }
      case Answer.Streamed streamed -> stream(exchange, streamed);
    }
  }

  private void stream(HttpExchange exchange, Answer.Streamed answer) throws IOException {
    if (!exports.tryAcquire()) {
      answer.headers().keySet().forEach(exchange.getResponseHeaders()::remove);
      send(
          exchange, Answer.error(503, "other exports are under way; try again when they are done"));
      return;
    }
    try {
      answer.before().record();
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      try {
        answer.body().write(out);
      } catch (IOException | FormatException | RuntimeException e) {
        log.atWarn().addKeyValue("reason", e.getMessage()).log("an export was broken off");
        breakOff(out);
        return;
      }
      out.close();
    } catch (NotRecordedException e) {
      answer.headers().keySet().forEach(exchange.getResponseHeaders()::remove);
      send(exchange, Answer.unrecorded(e));
    } finally {
      exports.release();
    }
  }

  /// Ends the connection in the middle of an answer, so that nobody takes the part for the whole.
  /// Closing the stream would end the answer properly; a write by an interrupted thread closes the
  /// channel, whatever is still in buffers.
  private static void breakOff(OutputStream out) {
    Thread.currentThread().interrupt();
    try {
      out.write('\n');
      out.flush();
    } catch (IOException e) {
      log.atTrace().setCause(e).log("connection closed");
    } finally {
      Thread.interrupted();
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    verifying.close();
    indexing.close();
  }
}
