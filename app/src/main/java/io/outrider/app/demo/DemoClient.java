package io.outrider.app.demo;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.outrider.app.terminal.Fatal;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The MCP Java SDK's client, as an agent would use it.
final class DemoClient implements AutoCloseable {
  /// The server is a JVM of its own that must start: two seconds of work, and much longer on a
  /// machine that does other things.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final McpSyncClient client;

  /// Connects and shakes hands.
  DemoClient(String url, String apiKey) {
    client =
        McpClient.sync(
                HttpClientStreamableHttpTransport.builder(url)
                    .endpoint("/mcp")
                    .requestBuilder(
                        HttpRequest.newBuilder().header("Authorization", "Bearer " + apiKey))
                    .build())
            .clientInfo(new Implementation("outrider-demo", "1.0.0"))
            .requestTimeout(PATIENCE)
            .initializationTimeout(PATIENCE)
            .build();
    try {
      client.initialize();
    } catch (RuntimeException e) {
      client.close();
      throw new Fatal(
          "the demo's server did not answer within "
              + PATIENCE.toSeconds()
              + " s ("
              + (e.getCause() == null ? e : e.getCause()).getClass().getSimpleName()
              + "). Is this machine very busy? Then try again.");
    }
  }

  /// What a call came to.
  sealed interface Reply {
    /// The text of a result.
    record Text(String text) implements Reply {}

    /// A JSON-RPC error and its data.
    record Refused(int code, String message, Map<?, ?> data) implements Reply {
      String datum(String name) {
        Object value = data.get(name);
        return value == null ? "" : String.valueOf(value);
      }
    }
  }

  List<String> tools() {
    return client.listTools().tools().stream().map(Tool::name).toList();
  }

  Reply call(String tool, Map<String, Object> arguments) {
    try {
      CallToolResult result =
          client.callTool(CallToolRequest.builder(tool).arguments(arguments).build());
      return new Reply.Text(
          result.content().stream()
              .map(content -> content instanceof TextContent text ? text.text() : "")
              .collect(Collectors.joining("\n")));
    } catch (McpError e) {
      var error = e.getJsonRpcError();
      Map<?, ?> data = error.data() instanceof Map<?, ?> map ? map : Map.of();
      return new Reply.Refused(error.code(), error.message(), data);
    }
  }

  @Override
  public void close() {
    client.closeGracefully();
  }
}
