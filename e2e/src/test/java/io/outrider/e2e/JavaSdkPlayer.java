package io.outrider.e2e;

import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpClientTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.ElicitResult;
import io.modelcontextprotocol.spec.McpSchema.GetPromptRequest;
import io.modelcontextprotocol.spec.McpSchema.ReadResourceRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The client of the MCP Java SDK, playing the same steps as `fixtures/clients/play.mjs`.
final class JavaSdkPlayer {
  /// The longest any single step may take: a bound on a hang, far above what a step needs.
  private static final Duration STEP = Duration.ofSeconds(20);

  private static final McpJsonMapper SDK_JSON = McpJsonDefaults.getMapper();

  private final ArrayNode steps = Json.MAPPER.createArrayNode();
  private final ArrayNode asked = Json.MAPPER.createArrayNode();
  private final ArrayNode notified = Json.MAPPER.createArrayNode();
  private final ArrayNode progress = Json.MAPPER.createArrayNode();
  private final AtomicInteger tokens = new AtomicInteger();
  private CountDownLatch expected = new CountDownLatch(0);
  private String expectedMethod = "";

  private JavaSdkPlayer() {}

  static Played play(Link link, Play play) {
    return new JavaSdkPlayer().run(link, play);
  }

  private Played run(Link link, Play play) {
    ObjectNode out = Json.object();
    out.set("steps", steps);
    McpAsyncClient client = client(transport(link));
    try {
      McpSchema.InitializeResult hello = wait(client.initialize());
      ObjectNode server = out.putObject("server");
      server.set("info", sdk(hello.serverInfo()));
      server.set("capabilities", sdk(hello.capabilities()));
      server.put("instructions", hello.instructions());
      server.put("revision", hello.protocolVersion());
      for (Play.Step step : play.steps()) {
        steps.add(one(client, step));
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
      out.set("connect", failure(e));
    } finally {
      client.closeGracefully().onErrorComplete().block(STEP);
    }
    synchronized (asked) {
      out.set("asked", asked.deepCopy());
    }
    synchronized (notified) {
      out.set("notified", notified.deepCopy());
    }
    return new Played(out);
  }

  private ObjectNode one(McpAsyncClient client, Play.Step step) {
    ObjectNode out = Json.object().put("name", step.name());
    try {
      act(client, step.json(), out);
    } catch (RuntimeException e) {
      out.set("error", failure(e));
    }
    return out;
  }

  private void act(McpAsyncClient client, JsonNode step, ObjectNode out) {
    String op = step.path("op").stringValue("");
    switch (op) {
      case "ping" -> out.set("result", sdk(wait(client.ping())));
      case "listTools" -> out.set("result", sdk(wait(client.listTools())));
      case "listResources" -> out.set("result", sdk(wait(client.listResources())));
      case "listResourceTemplates" -> out.set("result", sdk(wait(client.listResourceTemplates())));
      case "listPrompts" -> out.set("result", sdk(wait(client.listPrompts())));
      case "call" -> call(client, step, out);
      case "read" ->
          out.set(
              "result", sdk(wait(client.readResource(new ReadResourceRequest(text(step, "uri"))))));
      case "subscribe" -> {
        client.subscribeResource(new McpSchema.SubscribeRequest(text(step, "uri"))).block(STEP);
        out.putObject("result");
      }
      case "unsubscribe" -> {
        client.unsubscribeResource(new McpSchema.UnsubscribeRequest(text(step, "uri"))).block(STEP);
        out.putObject("result");
      }
      case "prompt" ->
          out.set(
              "result",
              sdk(
                  wait(
                      client.getPrompt(
                          new GetPromptRequest(
                              text(step, "prompt"), map(step.get("arguments")))))));
      case "complete" ->
          out.set(
              "result",
              sdk(
                  wait(
                      client.completeCompletion(
                          new McpSchema.CompleteRequest(
                              new McpSchema.PromptReference(text(step.path("ref"), "name")),
                              new McpSchema.CompleteRequest.CompleteArgument(
                                  text(step.path("argument"), "name"),
                                  text(step.path("argument"), "value")))))));
      case "setLevel" -> {
        client
            .setLoggingLevel(
                McpSchema.LoggingLevel.valueOf(
                    text(step, "level").toUpperCase(java.util.Locale.ROOT)))
            .block(STEP);
        out.putObject("result");
      }
      case "awaitNotification" -> out.set("result", awaitNotification(step));
      case "together" -> out.set("result", together(client, step));
      default -> throw new IllegalArgumentException("e2e client: no such op: " + op);
    }
  }

  private void call(McpAsyncClient client, JsonNode step, ObjectNode out) {
    var request =
        CallToolRequest.builder().name(text(step, "tool")).arguments(map(step.get("arguments")));
    if (!step.has("progress")) {
      out.set("result", sdk(wait(client.callTool(request.build()))));
      return;
    }
    synchronized (progress) {
      progress.removeAll();
    }
    request.progressToken("java-" + tokens.incrementAndGet());
    out.set("result", sdk(wait(client.callTool(request.build()))));
    synchronized (progress) {
      out.set("progress", progress.deepCopy());
    }
  }

  private ArrayNode together(McpAsyncClient client, JsonNode step) {
    String arguments = step.path("arguments").toString();
    ArrayNode all = Json.MAPPER.createArrayNode();
    wait(Flux.range(0, step.path("count").intValue(1))
            .flatMapSequential(i ->
                client.callTool(
                    CallToolRequest.builder()
                        .name(text(step, "tool"))
                        .arguments(map(Json.parse(arguments.replace("{i}", String.valueOf(i)))))
                        .build()))
            .collectList())
        .forEach(result -> all.add(sdk(result)));
    return all;
  }

  private JsonNode awaitNotification(JsonNode step) {
    String method = text(step, "method");
    int count = step.path("count").intValue(1);
    CountDownLatch latch;
    synchronized (notified) {
      long seen = seen(method).size();
      latch = new CountDownLatch((int) Math.max(0, count - seen));
      expectedMethod = method;
      expected = latch;
    }
    try {
      if (!latch.await(STEP.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "e2e client: step " + step.path("name") + " took longer than " + STEP);
      }
    } catch (InterruptedException e) {
      throw Child.interrupted(e);
    }
    synchronized (notified) {
      ArrayNode first = Json.MAPPER.createArrayNode();
      seen(method).stream().limit(count).forEach(first::add);
      return first;
    }
  }

  private List<JsonNode> seen(String method) {
    return notified
        .valueStream()
        .filter(n -> n.path("method").stringValue("").equals(method))
        .toList();
  }

  private McpAsyncClient client(McpClientTransport transport) {
    return McpClient.async(transport)
        .clientInfo(new McpSchema.Implementation("outrider-e2e", "1.0.0"))
        .requestTimeout(STEP)
        .initializationTimeout(STEP)
        .capabilities(
            McpSchema.ClientCapabilities.builder().roots(true).sampling().elicitation().build())
        .roots(new McpSchema.Root("file:///srv/outrider-e2e", "e2e root"))
        .sampling(request -> {
          ask("sampling/createMessage", request);
          return Mono.just(
              McpSchema.CreateMessageResult.builder(
                      McpSchema.Role.ASSISTANT, "a canned completion", "canned")
                  .stopReason(McpSchema.CreateMessageResult.StopReason.END_TURN)
                  .build());
        })
        .elicitation(request -> {
          // The SDK cannot write the schemas it reads, so only what a user would see is kept.
          ask(
              "elicitation/create",
              Map.of("message", request.message(), "fields", request.requestedSchema().toString()));
          return Mono.just(
              ElicitResult.builder(ElicitResult.Action.ACCEPT)
                  .content(
                      Map.of(
                          "name",
                          "Ada",
                          "check",
                          true,
                          "username",
                          "ada",
                          "email",
                          "ada@example.org"))
                  .build());
        })
        .loggingConsumer(note -> notify("notifications/message", note))
        .toolsChangeConsumer(tools -> notify("notifications/tools/list_changed", Map.of()))
        .progressConsumer(note -> {
          synchronized (progress) {
            ObjectNode p = (ObjectNode) sdk(note);
            p.remove("progressToken");
            // The report of the end comes together with the result, and which the SDK hands
            // out first is chance.
            if (!p.path("progress").equals(p.path("total"))) {
              progress.add(p);
            }
          }
          return Mono.empty();
        })
        .build();
  }

  private McpClientTransport transport(Link link) {
    return switch (link) {
      case Link.Http(String url, Map<String, String> headers) -> {
        URI uri = URI.create(url);
        yield HttpClientStreamableHttpTransport.builder(
                uri.getScheme() + "://" + uri.getAuthority())
            .endpoint(uri.getPath())
            .customizeClient(http -> http.connectTimeout(STEP))
            .httpRequestCustomizer(
                (request, method, endpoint, body, context) -> headers.forEach(request::header))
            .build();
      }
      case Link.Stdio(List<String> command, Map<String, String> env) ->
          new StdioClientTransport(
              ServerParameters.builder(command.getFirst())
                  .args(command.subList(1, command.size()))
                  .env(env)
                  .build(),
              SDK_JSON);
    };
  }

  private void ask(String method, Object params) {
    synchronized (asked) {
      asked.add(Json.object().put("method", method).set("params", sdk(params)));
    }
  }

  private Mono<Void> notify(String method, Object params) {
    synchronized (notified) {
      notified.add(Json.object().put("method", method).set("params", sdk(params)));
      if (method.equals(expectedMethod)) {
        expected.countDown();
      }
    }
    return Mono.empty();
  }

  private static <T> T wait(Mono<T> mono) {
    T got = mono.block(STEP);
    if (got == null) {
      throw new IllegalStateException("e2e client: answered with nothing");
    }
    return got;
  }

  /// As the SDK writes it, which is not as our own mapper would.
  private static JsonNode sdk(@Nullable Object value) {
    try {
      return Json.parse(SDK_JSON.writeValueAsString(value));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode failure(Throwable e) {
    Throwable at = e;
    while (!(at instanceof McpError) && at.getCause() != null && at.getCause() != at) {
      at = at.getCause();
    }
    ObjectNode out = Json.object();
    if (at instanceof McpError error && error.getJsonRpcError() != null) {
      out.put("code", error.getJsonRpcError().code());
      out.put("message", error.getJsonRpcError().message());
      if (error.getJsonRpcError().data() != null) {
        out.set("data", sdk(error.getJsonRpcError().data()));
      }
      return out;
    }
    return out.put("code", at.getClass().getSimpleName()).put("message", at.getMessage());
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).stringValue("");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable JsonNode node) {
    return node == null ? Map.of() : Json.MAPPER.convertValue(node, Map.class);
  }
}
