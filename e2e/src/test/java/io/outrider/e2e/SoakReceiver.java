package io.outrider.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Somebody the log is sent on to, with moods.
abstract sealed class SoakReceiver implements AutoCloseable {
  /// What a receiver does with what it is sent.
  enum Mood {
    WELL,
    /// Nobody is there.
    AWAY,
    /// It takes its time.
    SLOW,
    /// It says that it failed, whether it kept what it got or not.
    FAILING,
    /// It reads half of something and hangs up.
    HALF
  }

  final SoakCopy copy = new SoakCopy();
  volatile Mood mood = Mood.WELL;

  /// As configured under `audit.export`.
  abstract Map<String, Object> config();

  void mood(Mood next) {
    mood = next;
  }

  static void pause(Duration time) {
    LockSupport.parkNanos(time.toNanos());
  }

  @Override
  public abstract void close();

  /// Takes lines by POST.
  static final class Web extends SoakReceiver {
    private final Random random;
    private final int port = Ports.free();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private @Nullable HttpServer server;

    Web(Random random) {
      this.random = random;
      mood(Mood.WELL);
    }

    @Override
    Map<String, Object> config() {
      return Map.of(
          "http", Map.of("url", "http://127.0.0.1:" + port + "/records", "timeout", "5s"));
    }

    @Override
    synchronized void mood(Mood next) {
      super.mood(next);
      HttpServer running = server;
      if (next == Mood.AWAY && running != null) {
        running.stop(0);
        server = null;
      } else if (next != Mood.AWAY && running == null) {
        try {
          HttpServer fresh =
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
          fresh.setExecutor(threads);
          fresh.createContext("/records", this::handle);
          fresh.start();
          server = fresh;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    private void handle(HttpExchange exchange) throws IOException {
      Mood now = mood;
      int length = Integer.parseInt(exchange.getRequestHeaders().getFirst("Content-Length"));
      if (now == Mood.HALF) {
        exchange.getRequestBody().readNBytes(length / 2);
        throw new IOException("hangs up");
      }
      byte[] body = exchange.getRequestBody().readNBytes(length);
      if (body.length < length) {
        throw new EOFException();
      }
      if (now == Mood.SLOW) {
        pause(Duration.ofMillis(400));
      }
      boolean failing = now == Mood.FAILING;
      if (!failing || random.nextBoolean()) {
        lines(body);
      }
      try (exchange) {
        exchange.sendResponseHeaders(failing ? 500 : 200, -1);
      }
    }

    /// Whole, or the sender and this receiver mean different things by delivered.
    private synchronized void lines(byte[] body) {
      int from = 0;
      for (int i = 0; i < body.length; i++) {
        if (body[i] == '\n') {
          copy.take(Arrays.copyOfRange(body, from, i));
          from = i + 1;
        }
      }
      if (from < body.length) {
        copy.take(Arrays.copyOfRange(body, from, body.length));
      }
    }

    @Override
    public void close() {
      mood(Mood.AWAY);
      threads.shutdownNow();
    }
  }

  /// Takes syslog messages over TCP.
  static final class Syslog extends SoakReceiver {
    /// So that what lies in buffers when it hangs up is seconds old, not half a minute: past that
    /// the sender takes it for delivered, as docs/audit.md says.
    private static final int BUFFER = 64 << 10;

    private final Random random;
    private final int port = Ports.free();
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private @Nullable ServerSocket listener;

    Syslog(Random random) {
      this.random = random;
      mood(Mood.WELL);
    }

    @Override
    Map<String, Object> config() {
      return Map.of("syslog", Map.of("address", "127.0.0.1:" + port, "transport", "tcp"));
    }

    @Override
    synchronized void mood(Mood next) {
      super.mood(next);
      try {
        ServerSocket open = listener;
        if (next == Mood.AWAY && open != null) {
          open.close();
          listener = null;
          for (Socket connection : connections) {
            connection.close();
          }
        } else if (next != Mood.AWAY && open == null) {
          ServerSocket fresh = new ServerSocket();
          fresh.setReceiveBufferSize(BUFFER);
          fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
          listener = fresh;
          Thread.startVirtualThread(() -> accept(fresh));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void accept(ServerSocket from) {
      while (true) {
        try {
          Socket connection = from.accept();
          connections.add(connection);
          Thread.startVirtualThread(() -> read(connection));
        } catch (IOException e) {
          return; // closed
        }
      }
    }

    private void read(Socket connection) {
      try (connection;
          InputStream in = new BufferedInputStream(connection.getInputStream())) {
        int messages = 0;
        while (mood != Mood.AWAY && mood != Mood.FAILING) {
          int length = length(in);
          if (mood == Mood.HALF && ++messages > random.nextInt(2_000)) {
            in.readNBytes(length / 2);
            return;
          }
          byte[] message = in.readNBytes(length);
          if (message.length < length) {
            return;
          }
          String text = new String(message, StandardCharsets.UTF_8);
          copy.take(text.substring(text.indexOf("] {") + 2).getBytes(StandardCharsets.UTF_8));
          if (mood == Mood.SLOW) {
            pause(Duration.ofMillis(1));
          }
        }
      } catch (IOException e) {
        // The sender died, or this receiver went away.
      } finally {
        connections.remove(connection);
      }
    }

    private static int length(InputStream in) throws IOException {
      int length = 0;
      for (int c = in.read(); c != ' '; c = in.read()) {
        if (c < '0' || c > '9') {
          throw new EOFException();
        }
        length = length * 10 + c - '0';
      }
      return length;
    }

    @Override
    public void close() {
      mood(Mood.AWAY);
    }
  }

  /// Reads the file as a shipper of lines does, and removes what was put aside and is read. Away
  /// means that there is a file where the folder should be; a sink that has its file open would not
  /// notice, so that begins while nothing runs.
  static final class Lines extends SoakReceiver {
    private final Path folder;
    private final String rotate;
    private final Thread reader;
    private volatile boolean going = true;
    private @Nullable FileChannel reading;
    private long offset;

    Lines(Path dir, String rotate) {
      this.folder = dir.resolve("lines");
      this.rotate = rotate;
      reader = Thread.startVirtualThread(this::follow);
    }

    @Override
    Map<String, Object> config() {
      return Map.of(
          "file", Map.of("path", folder.resolve("audit.jsonl").toString(), "rotate", rotate));
    }

    @Override
    synchronized void mood(Mood next) {
      boolean was = mood == Mood.AWAY;
      boolean will = next == Mood.AWAY;
      Path aside = folder.resolveSibling("lines.aside");
      try {
        if (will && !was) {
          if (Files.exists(folder)) {
            Files.move(folder, aside);
          }
          Files.createFile(folder);
        } else if (was && !will) {
          Files.delete(folder);
          if (Files.exists(aside)) {
            Files.move(aside, folder);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      super.mood(next);
    }

    private void follow() {
      while (going) {
        try {
          if (!step()) {
            pause(Duration.ofMillis(100));
          }
        } catch (NoSuchFileException e) {
          pause(Duration.ofMillis(100)); // renamed between two looks
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }

    /// Keeps the file it reads open, under whatever name: names and inodes are given to others.
    ///
    /// @return whether there was something
    private synchronized boolean step() throws IOException {
      if (mood == Mood.AWAY || !Files.isDirectory(folder)) {
        return false;
      }
      Optional<Path> aside = aside();
      FileChannel open = reading;
      if (open == null) {
        open = FileChannel.open(aside.orElse(folder.resolve("audit.jsonl")));
        if (!aside().equals(aside)) {
          open.close(); // put aside just now, and this may be the one after it
          return true;
        }
        reading = open;
        offset = 0;
      }
      if (read(open) > 0) {
        return true;
      }
      if (aside.isEmpty()) {
        return false;
      }
      // It was put aside before the last read, so nothing comes after that.
      open.close();
      reading = null;
      Files.delete(aside.get());
      return true;
    }

    /// The oldest file that was put aside: the one being read, if any is.
    private Optional<Path> aside() throws IOException {
      try (Stream<Path> files = Files.list(folder)) {
        return files.filter(file -> file.toString().contains(".before-")).min(Path::compareTo);
      }
    }

    private int read(FileChannel channel) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
      channel.read(bytes, offset);
      int from = 0;
      for (int i = 0; i < bytes.position(); i++) {
        if (bytes.get(i) == '\n') {
          copy.take(Arrays.copyOfRange(bytes.array(), from, i));
          from = i + 1;
        }
      }
      offset += from;
      return from;
    }

    @Override
    public void close() {
      going = false;
      try {
        reader.join();
        FileChannel open = reading;
        if (open != null) {
          open.close();
        }
      } catch (InterruptedException e) {
        throw Child.interrupted(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
