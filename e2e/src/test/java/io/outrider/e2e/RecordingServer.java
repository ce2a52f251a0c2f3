package io.outrider.e2e;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a recording server answers, whatever it is reached by. It speaks the wire with code of its
/// own, in both eras, so that it shares no mistake with Outrider or with an SDK.
///
/// @param tools by name, from arguments to the result
record RecordingServer(Map<String, UnaryOperator<JsonNode>> tools) {
  /// `echo`, `held` (see [CallRecorder#release()]), `secret` (which answers with a credential), and
  /// `forbidden`, which the tests deny.
  static final RecordingServer USUAL =
      new RecordingServer(
          Map.of(
              "echo", arguments -> text(arguments.path("message").stringValue("")),
              "forbidden", arguments -> text("you should not have come here"),
              "held", arguments -> text("held only over HTTP"),
              "secret", arguments -> text("the key is " + Canary.GITHUB + ", keep it")));

  /// What the numbered tools `call-...` do, of which there are as many as anyone asks for.
  private static final UnaryOperator<JsonNode> ANY = arguments -> text("done");

  RecordingServer {
    tools = Map.copyOf(tools);
  }

  /// The reply to one message, or null for a notification.
  @Nullable ObjectNode answer(JsonNode message) {
    if (!message.has("id") || !message.has("method")) {
      return null;
    }
    ObjectNode reply = Json.object().put("jsonrpc", "2.0");
    reply.set("id", message.get("id"));
    JsonNode params = message.path("params");
    boolean modern = modern(message);
    switch (message.path("method").stringValue("")) {
      case "initialize" -> {
        ObjectNode result = reply.putObject("result");
        result.set("protocolVersion", params.path("protocolVersion"));
        result.putObject("capabilities").putObject("tools");
        result.set("serverInfo", info());
      }
      case "server/discover" -> {
        ObjectNode result = reply.putObject("result").put("resultType", "complete");
        result.putArray("supportedVersions").add("2026-07-28");
        result.putObject("capabilities").putObject("tools");
        result.put("ttlMs", 0).put("cacheScope", "private");
        result.putObject("_meta").set("io.modelcontextprotocol/serverInfo", info());
      }
      case "ping" -> reply.putObject("result");
      case "tools/list" -> {
        ObjectNode result = reply.putObject("result");
        ArrayNode list = result.putArray("tools");
        tools.keySet().stream().sorted().forEach(name -> list.add(tool(name)));
        if (modern) {
          result.put("resultType", "complete").put("ttlMs", 0).put("cacheScope", "private");
        }
      }
      case "tools/call" -> {
        String name = params.path("name").stringValue("");
        UnaryOperator<JsonNode> tool = name.startsWith("call-") ? ANY : tools.get(name);
        if (tool == null) {
          reply.putObject("error").put("code", -32602).put("message", "Unknown tool");
        } else {
          ObjectNode result = (ObjectNode) tool.apply(params.path("arguments"));
          reply.set("result", modern ? result.put("resultType", "complete") : result);
        }
      }
      default -> reply.putObject("error").put("code", -32601).put("message", "Method not found");
    }
    return reply;
  }

  static boolean modern(JsonNode message) {
    return message.path("params").path("_meta").has("io.modelcontextprotocol/protocolVersion");
  }

  static ObjectNode text(String text) {
    ObjectNode result = Json.object();
    result.putArray("content").addObject().put("type", "text").put("text", text);
    return result;
  }

  private static ObjectNode info() {
    return Json.object().put("name", "recording-server").put("version", "1");
  }

  private static ObjectNode tool(String name) {
    ObjectNode tool = Json.object().put("name", name).put("description", "The tool " + name);
    ObjectNode schema = tool.putObject("inputSchema").put("type", "object");
    schema.putObject("properties").putObject("message").put("type", "string");
    return tool;
  }

  /// The same server as a process that speaks over standard input and output and appends each
  /// message it reads to the file named by its one argument.
  static final class Main {
    private Main() {}

    /// Reads messages until the end of standard input.
    public static void main(String[] args) throws IOException {
      Path log = Path.of(args[0]);
      PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
      try (BufferedReader in =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
        for (String line = in.readLine(); line != null; line = in.readLine()) {
          Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
          ObjectNode reply = USUAL.answer(Json.parse(line));
          if (reply != null) {
            out.println(reply);
          }
        }
      }
    }
  }

  /// How that process is started.
  static Link.Stdio stdio(Path log) {
    return new Link.Stdio(
        List.of(
            ProcessHandle.current().info().command().orElse("java"),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            log.toString()),
        Map.of());
  }
}
