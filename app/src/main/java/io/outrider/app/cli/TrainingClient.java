package io.outrider.app.cli;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The MCP client of the training: one HTTP connection, one request after another.
final class TrainingClient {
  private static final int TIMEOUT_MILLIS = 10_000;

  private TrainingClient() {}

  /// Whether a session opened and each of its calls was answered.
  static boolean session(InetSocketAddress proxy, String path, String opening, List<String> calls)
      throws IOException {
    try (Socket socket = connect(proxy)) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String head =
          "POST "
              + path
              + " HTTP/1.1\r\nHost: "
              + host(proxy)
              + "\r\n"
              + "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
      post(out, head, opening);
      StringBuilder session = new StringBuilder();
      if (message(in, session) == null) {
        return false;
      }
      String inSession =
          head + "MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: " + session + "\r\n";
      for (String call : calls) {
        post(out, inSession, call);
        if (message(in) == null) {
          return false;
        }
      }
      return true;
    }
  }

  /// Whether a path is answered at all.
  static boolean get(InetSocketAddress server, String path) throws IOException {
    try (Socket socket = connect(server)) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: " + host(server) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return message(new BufferedInputStream(socket.getInputStream())) != null;
    }
  }

  /// The body of the next HTTP message, empty where it has none; null at the end.
  static @Nullable String message(InputStream in) throws IOException {
    return message(in, new StringBuilder());
  }

  private static @Nullable String message(InputStream in, StringBuilder session)
      throws IOException {
    int length = 0;
    String line = line(in);
    if (line == null) {
      return null;
    }
    while (line != null && !line.isEmpty()) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(15).trim());
      } else if (lower.startsWith("mcp-session-id:")) {
        session.append(line.substring(15).trim());
      }
      line = line(in);
    }
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return line.toString();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return null;
  }

  private static void post(OutputStream out, String head, String body) throws IOException {
    String request = head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    out.write(request.getBytes(StandardCharsets.US_ASCII));
  }

  private static Socket connect(InetSocketAddress server) throws IOException {
    Socket socket = new Socket(server.getAddress(), server.getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static String host(InetSocketAddress server) {
    return server.getAddress().getHostAddress() + ":" + server.getPort();
  }
}
