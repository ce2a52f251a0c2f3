package io.outrider.app.demo;

import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.server.McpServerFeatures.SyncToolSpecification;
import io.modelcontextprotocol.server.McpSyncServer;
import io.modelcontextprotocol.server.transport.StdioServerTransportProvider;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.ServerCapabilities;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import io.modelcontextprotocol.spec.McpSchema.ToolAnnotations;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// The MCP server of the demo: five tools over stdio, run as a process of its own. It writes the
/// name of every tool that is really called into a file, so that the demo can show what did not
/// arrive.
///
/// The credentials in its note are made up, and put together at run time so that no scanner takes
/// this file for a leak.
public final class DemoServer {
  /// Variable that names the file for the calls received.
  public static final String CALLS_VARIABLE = "OUTRIDER_DEMO_CALLS";

  private static final String TEXT_ARGUMENT =
      "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}},\"required\":[\"text\"]}";
  private static final String NAME_ARGUMENT =
      "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"}},\"required\":[\"name\"]}";
  private static final String MILLIS_ARGUMENT =
      "{\"type\":\"object\",\"properties\":{\"millis\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":10000}},\"required\":[\"millis\"]}";
  private static final String TRANSFER_ARGUMENTS =
      "{\"type\":\"object\",\"properties\":{\"to\":{\"type\":\"string\"},\"amount\":{\"type\":\"number\"}},\"required\":[\"to\",\"amount\"]}";

  private static final String BASE_62 =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final McpJsonMapper json = McpJsonDefaults.getMapper();
  private final @Nullable Path calls;

  private DemoServer(@Nullable Path calls) {
    this.calls = calls;
  }

  /// A token in the form of GitHub's, checksum included, that opens nothing.
  public static String fakeToken() {
    String random = "Out2iderDem0Tok3nThatOpensNoth";
    CRC32 crc = new CRC32();
    crc.update(random.getBytes(StandardCharsets.US_ASCII));
    StringBuilder checksum = new StringBuilder();
    for (long rest = crc.getValue(); checksum.length() < 6; rest /= BASE_62.length()) {
      checksum.insert(0, BASE_62.charAt((int) (rest % BASE_62.length())));
    }
    return "ghp" + "_" + random + checksum;
  }

  /// Serves until standard input ends.
  public static void main(String[] args) throws InterruptedException {
    String calls = System.getenv(CALLS_VARIABLE);
    CountDownLatch ended = new CountDownLatch(1);
    McpSyncServer server =
        new DemoServer(calls == null ? null : Path.of(calls))
            .serve(new EndSignal(System.in, ended));
    ended.await();
    server.closeGracefully();
    System.exit(0);
  }

  private McpSyncServer serve(InputStream in) {
    return McpServer.sync(new StdioServerTransportProvider(json, in, System.out))
        .serverInfo("outrider-demo-server", "1.0.0")
        .capabilities(ServerCapabilities.builder().tools(false).build())
        .tools(
            List.of(
                tool(
                    "echo",
                    "Gives back a text.",
                    TEXT_ARGUMENT,
                    true,
                    false,
                    arguments -> String.valueOf(arguments.get("text"))),
                tool("read_note", "Reads a note.", NAME_ARGUMENT, true, false, DemoServer::note),
                tool("slow", "Takes its time.", MILLIS_ARGUMENT, true, false, DemoServer::sleep),
                tool(
                    "delete_note",
                    "Deletes a note for good.",
                    NAME_ARGUMENT,
                    false,
                    true,
                    arguments -> "deleted " + arguments.get("name")),
                tool(
                    "transfer",
                    "Sends money.",
                    TRANSFER_ARGUMENTS,
                    false,
                    true,
                    arguments -> "sent " + arguments.get("amount") + " to " + arguments.get("to"))))
        .build();
  }

  private SyncToolSpecification tool(
      String name,
      String description,
      String schema,
      boolean readOnly,
      boolean destructive,
      Function<Map<String, Object>, String> body) {
    Tool tool =
        Tool.builder(name, json, schema)
            .description(description)
            .annotations(new ToolAnnotations(null, readOnly, destructive, readOnly, false, null))
            .build();
    return SyncToolSpecification.builder()
        .tool(tool)
        .callHandler((exchange, request) -> answer(request, body))
        .build();
  }

  private CallToolResult answer(
      CallToolRequest request, Function<Map<String, Object>, String> body) {
    remember(request.name());
    return CallToolResult.builder().addTextContent(body.apply(request.arguments())).build();
  }

  private synchronized void remember(String tool) {
    if (calls == null) {
      return;
    }
    try {
      Files.writeString(calls, tool + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String note(Map<String, Object> arguments) {
    return """
    Note %s
    Deploy on Friday, after the tests. Ask ann.lee@northwind.example about the database.
    The deploy token is %s, please rotate it.
    """
        .formatted(arguments.get("name"), fakeToken());
  }

  private static String sleep(Map<String, Object> arguments) {
    long millis = arguments.get("millis") instanceof Number number ? number.longValue() : 0;
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "slept " + millis + " ms";
  }

  /// Standard input that says when it has ended; the SDK's transport keeps that to itself.
  private static final class EndSignal extends FilterInputStream {
    private final CountDownLatch ended;

    EndSignal(InputStream in, CountDownLatch ended) {
      super(in);
      this.ended = ended;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read < 0) {
        ended.countDown();
      }
      return read;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      if (read < 0) {
        ended.countDown();
      }
      return read;
    }
  }
}
