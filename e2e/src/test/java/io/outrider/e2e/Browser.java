package io.outrider.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One page in a headless Chromium, driven over its DevTools protocol with nothing but the JDK.
final class Browser implements AutoCloseable {
  private static final Pattern LISTENING =
      Pattern.compile("DevTools listening on ws://([\\d.:]+)/");

  private final Duration patience;

  private final Child child;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final WebSocket socket;

  private Browser(Child child, String address, Duration patience) {
    this.child = child;
    this.patience = patience;
    this.socket = client.newWebSocketBuilder().buildAsync(pageOf(address), new Reader()).join();
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      send(domain + ".enable", Map.of());
    }
  }

  /// Where Debian, and others, put it; empty if it is not installed.
  static Optional<Path> find() {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
        .flatMap(folder ->
            Stream.of("chromium", "chromium-browser", "google-chrome")
                .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// @param patience a bound on a hang
  static Browser start(Path chromium, Path profile, Duration patience) {
    List<String> command =
        new ArrayList<>(
            List.of(
                chromium.toString(),
                "--headless=new",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--window-size=1440,1000",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile));
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--no-sandbox");
    }
    command.add("about:blank");
    Child child = Child.start("chromium", new ProcessBuilder(command));
    return new Browser(child, child.awaitLine(LISTENING).group(1), patience);
  }

  private URI pageOf(String address) {
    try {
      JsonNode pages =
          JsonMapper.shared()
              .readTree(
                  client
                      .send(
                          HttpRequest.newBuilder(URI.create("http://" + address + "/json/list"))
                              .build(),
                          HttpResponse.BodyHandlers.ofString())
                      .body());
      for (JsonNode page : pages) {
        if (page.path("type").asString().equals("page")) {
          return URI.create(page.path("webSocketDebuggerUrl").asString());
        }
      }
      throw new IllegalStateException("no page in " + pages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Goes to a page and waits until `ready`, an expression of its script, is true.
  void open(String url, String ready) {
    send("Page.navigate", Map.of("url", url));
    until(ready);
  }

  /// Waits until an expression of the page's script is true. The page looks; nothing sleeps here.
  void until(String expression) {
    evaluate(
        """
        new Promise(done => {
          const look = () => {
            let is = false;
            try { is = %s; } catch { /* not yet */ }
            if (is) done(true); else setTimeout(look, 30);
          };
          look();
        })\
        """
            .formatted(expression));
  }

  /// What an expression of the page's script comes to.
  JsonNode evaluate(String expression) {
    JsonNode answer =
        send(
            "Runtime.evaluate",
            Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
    if (answer.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + answer.path("exceptionDetails"));
    }
    return answer.path("result").path("value");
  }

  String text(String selector) {
    return evaluate("document.querySelector('" + selector + "').textContent").asString();
  }

  /// Presses one key, as a person does.
  void press(String key) {
    send("Input.dispatchKeyEvent", key("keyDown", key));
    send("Input.dispatchKeyEvent", key("keyUp", key));
  }

  private static Map<String, Object> key(String type, String key) {
    int code =
        switch (key) {
          case "Enter" -> 13;
          case "Escape" -> 27;
          default -> Character.toUpperCase(key.charAt(0));
        };
    return key.length() == 1
        ? Map.of("type", type, "key", key, "text", type.equals("keyDown") ? key : "")
        : Map.of(
            "type",
            type,
            "key",
            key,
            "code",
            key,
            "windowsVirtualKeyCode",
            code,
            "text",
            type.equals("keyDown") && key.equals("Enter") ? "\r" : "");
  }

  void type(String text) {
    send("Input.insertText", Map.of("text", text));
  }

  void dark(boolean dark) {
    send(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  /// Lays the page out as for a printer.
  void paper(boolean paper) {
    send("Emulation.setEmulatedMedia", Map.of("media", paper ? "print" : ""));
  }

  boolean visible(String selector) {
    return evaluate("document.querySelector('" + selector + "').checkVisibility()").asBoolean();
  }

  void screenshot(Path file) throws IOException {
    Files.write(
        file,
        Base64.getDecoder()
            .decode(
                send("Page.captureScreenshot", Map.of("format", "png")).path("data").asString()));
  }

  void pdf(Path file) throws IOException {
    Files.write(
        file,
        Base64.getDecoder()
            .decode(
                send("Page.printToPDF", Map.of("printBackground", true)).path("data").asString()));
  }

  /// Errors of scripts, refusals of the content security policy, and requests to elsewhere.
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  private JsonNode send(String method, Map<String, ?> params) {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(id, answer);
    socket
        .sendText(
            JsonMapper.shared()
                .writeValueAsString(Map.of("id", id, "method", method, "params", params)),
            true)
        .join();
    try {
      JsonNode reply = answer.get(patience.toSeconds(), TimeUnit.SECONDS);
      if (reply.has("error")) {
        throw new IllegalStateException(method + ": " + reply.path("error"));
      }
      return reply.path("result");
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          method + " " + params + ": no answer; complaints: " + complaints, e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(method, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method, e);
    }
  }

  private final class Reader implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        take(JsonMapper.shared().readTree(message.toString()));
        message.setLength(0);
      }
      from.request(1);
      return null;
    }

    private void take(JsonNode heard) {
      if (heard.has("id")) {
        CompletableFuture<JsonNode> answer = waiting.remove(heard.path("id").asInt());
        if (answer != null) {
          answer.complete(heard);
        }
        return;
      }
      JsonNode params = heard.path("params");
      switch (heard.path("method").asString()) {
        case "Runtime.exceptionThrown" ->
            complaints.add(params.path("exceptionDetails").toString());
        case "Log.entryAdded" -> {
          if (params.path("entry").path("level").asString().equals("error")) {
            complaints.add(params.path("entry").toString());
          }
        }
        case "Network.requestWillBeSent" -> {
          String url = params.path("request").path("url").asString();
          if (!url.startsWith("http://127.0.0.1:") && !url.startsWith("about:")) {
            complaints.add("asked " + url);
          }
        }
        default -> {}
      }
    }
  }

  @Override
  public void close() {
    socket.abort();
    client.close();
    child.close();
  }
}
