package io.outrider.app.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The MCP server of the training: answers what the training asks, from memory. Ends with [#close].
/// Thread-safe.
final class TrainingServer implements AutoCloseable {
  private static final Pattern ID = Pattern.compile("\"id\":(\\d+)");
  private static final String HELLO =
      "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"train\",\"version\":\"1\"}}";
  private static final String TOOLS =
      """
      {"tools":[{"name":"look","description":"Looks","inputSchema":{"type":"object","properties":{"path":{"type":"string"}}},\
      "annotations":{"readOnlyHint":true}},{"name":"wipe","inputSchema":{"type":"object"}}]}\
      """;
  // A finding, so that the edit of a result is trained too; no such key exists.
  private static final String RESULT =
      "{\"content\":[{\"type\":\"text\",\"text\":\"done, password=hunter2hunter2\"}],\"isError\":false}";

  private final ServerSocket listener;

  private TrainingServer(ServerSocket listener) {
    this.listener = listener;
  }

  static TrainingServer start() throws IOException {
    TrainingServer server =
        new TrainingServer(new ServerSocket(0, 16, InetAddress.getLoopbackAddress()));
    Thread.ofPlatform().daemon().name("train-server").start(server::accept);
    return server;
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        Thread.ofPlatform().daemon().name("train-connection").start(() -> serve(socket));
      }
    } catch (IOException e) {
      if (!listener.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket;
        InputStream in = new BufferedInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream()) {
      for (String request = body(in); request != null; request = body(in)) {
        out.write(answer(request).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // The proxy closes its connections when the training ends.
    }
  }

  private static String answer(String request) {
    Matcher id = ID.matcher(request);
    if (!id.find()) {
      return request.isEmpty()
          ? "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n"
          : "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    }
    String result =
        request.contains("\"initialize\"")
            ? HELLO
            : request.contains("\"tools/list\"") ? TOOLS : RESULT;
    String body = "{\"jsonrpc\":\"2.0\",\"id\":" + id.group(1) + ",\"result\":" + result + "}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nMcp-Session-Id: train\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /// The body of the next request, empty where it has none; null at the end.
  private static @Nullable String body(InputStream in) throws IOException {
    return TrainingClient.message(in);
  }
}
