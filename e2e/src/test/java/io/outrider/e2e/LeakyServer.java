package io.outrider.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An MCP server that tells a secret in every place a message, a stream or an HTTP answer has for
/// one; the name of the tool says in which. Also the receiver of an audit export that does the
/// same. Keeps all it was sent. Thread-safe.
final class LeakyServer implements AutoCloseable {
  /// The tools, each of which tells its secret in its own way.
  static final List<String> TOOLS =
      List.of(
          "in-text",
          "in-json-in-text",
          "in-structured-content",
          "in-member-name",
          "in-meta",
          "in-resource",
          "in-link",
          "in-error",
          "in-error-data",
          "in-error-text",
          "in-result-type",
          "in-other-id",
          "in-log-notice",
          "in-progress-notice",
          "in-unknown-notice",
          "in-elicitation",
          "in-sampling",
          "in-input-required",
          "in-event-fields",
          "in-cut-event",
          "in-http-500",
          "in-http-401",
          "in-redirect",
          "in-garbage",
          "in-content-type",
          "in-content-encoding",
          "in-cut-body",
          "in-method");

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final UnaryOperator<String> secrets;
  private final StringBuffer received = new StringBuffer();
  private final StringBuffer exported = new StringBuffer();
  private volatile boolean refusing = true;

  /// @param secrets gives the secret for a place, with a word that tells it apart
  LeakyServer(UnaryOperator<String> secrets) {
    this.secrets = secrets;
    try {
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    http.setExecutor(threads);
    http.createContext("/mcp", this::handle);
    http.createContext("/export", this::export);
    http.start();
  }

  String url(String path) {
    return "http://127.0.0.1:" + http.getAddress().getPort() + path;
  }

  /// Everything that came to the MCP server, headers included.
  String received() {
    return received.toString();
  }

  /// Everything that was exported.
  String exported() {
    return exported.toString();
  }

  /// Lets exports in that were refused before.
  void takeExports() {
    refusing = false;
  }

  private void export(HttpExchange exchange) throws IOException {
    try (exchange) {
      exported.append(exchange.getRequestHeaders()).append(read(exchange));
      if (refusing) {
        exchange.getResponseHeaders().set("Retry-After", "0");
        send(exchange, 503, "text/plain", secrets.apply("in-export-refusal"));
      } else {
        exchange.sendResponseHeaders(204, -1);
      }
    }
  }

  private static String read(HttpExchange exchange) throws IOException {
    return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = read(exchange);
      received.append(exchange.getRequestURI()).append(exchange.getRequestHeaders()).append(body);
      received.append('\n');
      JsonNode message = Json.parse(body.isEmpty() ? "{}" : body);
      if (!message.has("id")) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      String method = message.path("method").stringValue("");
      if (method.equals("tools/call")) {
        call(exchange, message, message.path("params").path("name").stringValue(""));
      } else {
        ObjectNode reply = reply(message);
        describe(method, reply);
        send(exchange, 200, "application/json", reply.toString());
      }
    }
  }

  private void describe(String method, ObjectNode reply) {
    ObjectNode result = reply.putObject("result").put("resultType", "complete");
    result.put("ttlMs", 0).put("cacheScope", "private");
    switch (method) {
      case "initialize" -> {
        result.put("protocolVersion", "2025-11-25").put("instructions", secrets.apply("in-hello"));
        result.putObject("capabilities").putObject("tools");
        result
            .putObject("serverInfo")
            .put("name", secrets.apply("in-old-name"))
            .put("version", "1");
      }
      case "server/discover" -> {
        result.putArray("supportedVersions").add("2026-07-28");
        result.putObject("capabilities").putObject("tools");
        result.put("instructions", secrets.apply("in-instructions"));
        result
            .putObject("_meta")
            .putObject("io.modelcontextprotocol/serverInfo")
            .put("name", secrets.apply("in-server-name"))
            .put("version", "1");
      }
      case "tools/list" -> {
        ObjectNode tool = result.putArray("tools").addObject().put("name", "in-description");
        tool.put("description", secrets.apply("in-description"));
        ObjectNode schema = tool.putObject("inputSchema").put("type", "object");
        schema.putObject("properties").putObject("a").put("default", secrets.apply("in-schema"));
        result.put("nextCursor", "more");
      }
      case "prompts/list" ->
          result
              .putArray("prompts")
              .addObject()
              .put("name", "p")
              .put("description", secrets.apply("in-prompt-list"));
      case "prompts/get" ->
          result
              .putArray("messages")
              .addObject()
              .put("role", "user")
              .putObject("content")
              .put("type", "text")
              .put("text", secrets.apply("in-prompt"));
      case "resources/list" ->
          result
              .putArray("resources")
              .addObject()
              .put("name", "r")
              .put("uri", "https://files.test/?token=" + secrets.apply("in-resource-uri"));
      case "resources/read" ->
          result
              .putArray("contents")
              .addObject()
              .put("uri", "file:///r")
              .put("mimeType", "text/plain")
              .put("text", secrets.apply("in-resource-text"));
      case "completion/complete" ->
          result.putObject("completion").putArray("values").add(secrets.apply("in-completion"));
      default -> {
        reply.remove("result");
        reply
            .putObject("error")
            .put("code", -32601)
            .put("message", "no method " + secrets.apply("in-unknown-method"));
      }
    }
  }

  private void call(HttpExchange exchange, JsonNode message, String tool) throws IOException {
    String secret = secrets.apply(tool);
    ObjectNode reply = reply(message);
    ObjectNode result = Json.object().put("resultType", "complete");
    ObjectNode content =
        result.putArray("content").addObject().put("type", "text").put("text", "done");
    reply.set("result", result);
    int status = 200;
    String type = "application/json";
    String text = null;
    switch (tool) {
      case "in-text" -> content.put("text", secret);
      case "in-json-in-text" ->
          content.put(
              "text",
              Json.object().put("inner", Json.object().put("a", secret).toString()).toString());
      case "in-structured-content" -> {
        result.putObject("structuredContent").putArray("list").addObject().put("value", secret);
        content.put("text", Json.object().put("value", secret).toString());
      }
      case "in-member-name" -> result.putObject("structuredContent").put(secret, 1);
      case "in-meta" -> result.putObject("_meta").put("test/key", secret);
      case "in-resource" -> {
        content.remove("text");
        content.put("type", "resource").putObject("resource").put("uri", "a:b").put("text", secret);
      }
      case "in-link" -> {
        content.remove("text");
        content
            .put("type", "resource_link")
            .put("name", "l")
            .put("uri", "https://a.test/" + secret);
      }
      case "in-error" -> error(reply, "bad key " + secret);
      case "in-error-data" -> error(reply, "bad key").putObject("data").put("key", secret);
      case "in-error-text" -> {
        result.put("isError", true);
        content.put("text", "failed with " + secret);
      }
      case "in-result-type" -> result.put("resultType", secret);
      case "in-other-id" -> reply.put("id", secret);
      case "in-method" ->
          text =
              event(Json.object().put("jsonrpc", "2.0").put("id", 9).put("method", secret))
                  + event(reply);
      case "in-log-notice" ->
          text = notice("notifications/message", "data", "key " + secret) + event(reply);
      case "in-progress-notice" ->
          text = notice("notifications/progress", "message", "with " + secret) + event(reply);
      case "in-unknown-notice" ->
          text = notice("notifications/" + secret, "a", secret) + event(reply);
      case "in-elicitation" -> text = request("elicitation/create", secret) + event(reply);
      case "in-sampling" -> text = request("sampling/createMessage", secret) + event(reply);
      case "in-input-required" -> {
        result.put("resultType", "input_required").put("requestState", "state");
        ObjectNode asked = result.putObject("inputRequests").putObject("one");
        asked.put("method", "elicitation/create");
        asked.putObject("params").put("mode", "form").put("message", "is it " + secret);
      }
      case "in-event-fields" ->
          text =
              ": "
                  + secret
                  + "\nevent: "
                  + secret
                  + "\nid: "
                  + secret
                  + "\nretry: "
                  + secret
                  + "\n"
                  + secret
                  + ": 1\n"
                  + event(reply);
      case "in-cut-event" -> text = "data: {\"jsonrpc\":\"2.0\",\"x\":\"" + secret;
      case "in-http-500" -> {
        status = 500;
        text = "oops " + secret;
      }
      case "in-http-401" -> {
        status = 401;
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer realm=\"" + secret + "\"");
        text = "{\"error\":\"" + secret + "\"}";
      }
      case "in-redirect" -> {
        status = 302;
        exchange.getResponseHeaders().set("Location", "https://a.test/?token=" + secret);
        text = secret;
      }
      case "in-garbage" -> text = "oops " + secret;
      case "in-content-type" -> {
        type = "text/" + secret.replace(' ', '-');
        text = "x";
      }
      case "in-content-encoding" -> {
        exchange.getResponseHeaders().set("Content-Encoding", secret.replace(' ', '-'));
        content.put("text", secret);
      }
      case "in-cut-body" -> {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, 5_000);
        exchange
            .getResponseBody()
            .write(("{\"result\":{\"a\":\"" + secret).getBytes(StandardCharsets.UTF_8));
        return;
      }
      default -> content.put("text", "no tool of that name");
    }
    boolean stream = text != null && (text.startsWith("data:") || text.startsWith(": "));
    send(
        exchange,
        status,
        stream ? "text/event-stream" : type,
        text == null ? reply.toString() : text);
  }

  private static ObjectNode reply(JsonNode message) {
    ObjectNode reply = Json.object().put("jsonrpc", "2.0");
    reply.set("id", message.get("id"));
    return reply;
  }

  private static ObjectNode error(ObjectNode reply, String words) {
    reply.remove("result");
    return reply.putObject("error").put("code", -32000).put("message", words);
  }

  private static String notice(String method, String member, String words) {
    ObjectNode notice = Json.object().put("jsonrpc", "2.0").put("method", method);
    notice
        .putObject("params")
        .put("level", "info")
        .put("progress", 1)
        .put("progressToken", "t")
        .put(member, words);
    return event(notice);
  }

  private static String request(String method, String secret) {
    ObjectNode request =
        Json.object().put("jsonrpc", "2.0").put("id", method.length()).put("method", method);
    ObjectNode params =
        request.putObject("params").put("message", "is it " + secret).put("maxTokens", 9);
    params.putObject("requestedSchema");
    params
        .putArray("messages")
        .addObject()
        .put("role", "user")
        .putObject("content")
        .put("type", "text")
        .put("text", secret);
    return event(request);
  }

  private static String event(JsonNode message) {
    return "data: " + message + "\n\n";
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
