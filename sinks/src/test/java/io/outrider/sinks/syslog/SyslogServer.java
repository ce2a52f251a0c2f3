package io.outrider.sinks.syslog;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/// Reads frames with octet counting, by its own code.
final class SyslogServer implements AutoCloseable {
  private final ServerSocket server;
  private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
  private final List<Socket> open = new ArrayList<>();
  volatile @Nullable String wrong;

  SyslogServer(ServerSocketFactory factory) throws IOException {
    server = factory.createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        synchronized (open) {
          open.add(socket);
        }
        Thread.ofVirtual().start(() -> read(socket));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void read(Socket socket) {
    try (socket) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = 0;
        for (int c = in.readUnsignedByte(); c != ' '; c = in.readUnsignedByte()) {
          if (c < '0' || c > '9') {
            wrong = "'" + (char) c + "' in a length";
            return;
          }
          length = length * 10 + c - '0';
        }
        byte[] message = new byte[length];
        in.readFully(message);
        messages.add(new String(message, StandardCharsets.UTF_8));
      }
    } catch (EOFException e) {
      // The sender is done.
    } catch (IOException e) {
      wrong = e.toString();
    }
  }

  /// The next messages, as many as asked for.
  List<String> take(int count) throws InterruptedException {
    List<String> taken = new ArrayList<>();
    while (taken.size() < count) {
      String next = messages.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError(taken.size() + " messages (expected: " + count + ") " + wrong);
      }
      taken.add(next);
    }
    return taken;
  }

  void dropConnections() throws IOException {
    synchronized (open) {
      for (Socket socket : open) {
        socket.close();
      }
      open.clear();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    dropConnections();
  }
}
