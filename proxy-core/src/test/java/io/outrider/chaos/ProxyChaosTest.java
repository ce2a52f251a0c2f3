package io.outrider.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.FakeUpstream.Mode;
import io.outrider.fixture.RawHttp;
import io.outrider.fixture.RunningProxy;
import io.outrider.settings.LimitSettings;
import io.outrider.settings.TimeoutSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// 100,000 calls through a whole proxy, in both eras, to a server that answers, streams, stutters,
/// crashes and hangs, from clients that wait, leave and cancel. Afterwards nothing may be held: no
/// place, no call, no connection to the server that the server alone cannot close, no buffer.
class ProxyChaosTest {

  private static final int CALLS = Integer.getInteger("chaos.calls", 100_000);
  private static final int CLIENTS = 32;
  private static final int PER_UPSTREAM = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
  private final Map<String, LongAdder> seen = new ConcurrentHashMap<>();
  private final AtomicLong mostHeld = new AtomicLong();
  private final AtomicInteger left = new AtomicInteger(CALLS);

  @Test
  void nothingIsHeldAfterCallsThatEndInEveryWay(@TempDir Path folder) throws Exception {
    long seed = Long.getLong("test.seed", 1);
    System.out.println("ProxyChaosTest: -Dtest.seed=" + seed);
    ListAppender<ILoggingEvent> leaks = watchForLeaks();
    try (FakeUpstream upstream = new FakeUpstream();
        RunningProxy proxy = RunningProxy.start(upstream, folder, ProxyChaosTest::tight);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        work.add(clients.submit(() -> new Client(proxy, upstream, random).run()));
      }
      long start = System.nanoTime();
      for (Future<?> client : work) {
        client.get(10, TimeUnit.MINUTES);
      }
      System.out.printf(
          "%d calls in %.1f s, at most %d held, seen %s%n",
          CALLS, (System.nanoTime() - start) / 1e9, mostHeld.get(), seen);
      System.out.print(proxy.allOutcomes());

      assertThat(problems).as("seed %d", seed).isEmpty();
      assertThat(upstream.problems()).isEmpty();
      assertThat(mostHeld.get()).as("places held").isBetween(2L, (long) PER_UPSTREAM);
      await("calls under way", () -> proxy.outrider().running() == 0);
      await("places held", () -> proxy.gauge("outrider.limit.held") == 0);
      await("calls waiting", () -> proxy.gauge("outrider.limit.waiting") == 0);
      await("streams left open by the server", () -> upstream.waitingForClose() == 0);
      assertThat(proxy.outcomes("completed")).as("calls that went well").isGreaterThan(CALLS / 4);
      assertThat(proxy.outcomes("refused.over_limit")).as("calls refused").isGreaterThan(10);
      assertThat(proxy.outcomes("failed.internal")).as(proxy.allOutcomes()).isZero();
    }
    assertThat(leaksAfter(leaks)).isEmpty();
  }

  private static io.outrider.settings.Settings.Builder tight(
      io.outrider.settings.Settings.Builder settings) {
    TimeoutSettings d = TimeoutSettings.defaults();
    return settings
        .limits(new LimitSettings(PER_UPSTREAM, 14, 15, 12, Duration.ofMillis(20), null))
        .timeouts(
            new TimeoutSettings(
                d.connect(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(4),
                d.session(),
                d.keepAlive(),
                d.drain()));
  }

  private static void await(String what, BooleanSupplier holds) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("%s, after %s", what, PATIENCE).isLessThan(end);
      Thread.yield();
    }
  }

  private static ListAppender<ILoggingEvent> watchForLeaks() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.ADVANCED);
    ListAppender<ILoggingEvent> leaks = new ListAppender<>();
    leaks.start();
    ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(leaks);
    return leaks;
  }

  /// Leaks show when the collector has run and more buffers are made.
  private static List<String> leaksAfter(ListAppender<ILoggingEvent> leaks) {
    for (int i = 0; i < 5; i++) {
      System.gc();
      for (int n = 0; n < 500; n++) {
        PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
      }
    }
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
    return leaks.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  /// What a client does with its call.
  private enum Ending {
    READ,
    LEAVE_AT_ONCE,
    LEAVE_AFTER_HEAD,
    CANCEL
  }

  /// One client: one connection at a time, one legacy session.
  private final class Client {
    private final RunningProxy proxy;
    private final FakeUpstream upstream;
    private final SplittableRandom random;
    private @Nullable Socket socket;
    private @Nullable RawHttp in;
    private @Nullable String session;
    private int nextId = 1;

    Client(RunningProxy proxy, FakeUpstream upstream, SplittableRandom random) {
      this.proxy = proxy;
      this.upstream = upstream;
      this.random = random;
    }

    void run() {
      while (left.getAndDecrement() > 0) {
        Mode mode = pick();
        boolean legacy = random.nextInt(3) == 0;
        Ending ending = ending(mode, legacy);
        String what = (legacy ? "legacy " : "modern ") + mode + " " + ending;
        try {
          call(mode, ending, legacy);
        } catch (SocketTimeoutException e) {
          problems.add(what + ": no answer");
          leave();
        } catch (IOException e) {
          problems.add(what + ": " + e);
          leave();
        }
        if (random.nextInt(50) == 0) {
          mostHeld.accumulateAndGet((long) proxy.gauge("outrider.limit.held"), Math::max);
        }
        if (random.nextInt(5000) == 0) {
          upstream.dropConnections();
        }
      }
      leave();
    }

    private Mode pick() {
      int n = random.nextInt(1000);
      if (n < 700) {
        return Mode.PLAIN;
      }
      if (n < 850) {
        return Mode.STREAM;
      }
      return switch (random.nextInt(20)) {
        case 0, 1, 2 -> Mode.STREAM_LEFT_OPEN;
        case 3, 4, 5 -> Mode.STREAM_CUT;
        case 6 -> Mode.STREAM_GARBAGE;
        case 7, 8, 9, 10 -> Mode.CRASH;
        case 11, 12, 13 -> Mode.HALF;
        case 14, 15, 16, 17, 18 -> Mode.GARBAGE;
        default -> random.nextInt(12) == 0 ? Mode.HANG : Mode.PLAIN;
      };
    }

    private Ending ending(Mode mode, boolean legacy) {
      if (mode == Mode.HANG) {
        return legacy ? Ending.CANCEL : Ending.LEAVE_AT_ONCE;
      }
      int n = random.nextInt(100);
      if (n < 6) {
        return Ending.LEAVE_AT_ONCE;
      }
      return n < 10 ? Ending.LEAVE_AFTER_HEAD : Ending.READ;
    }

    private void call(Mode mode, Ending ending, boolean legacy) throws IOException {
      if (legacy && session == null) {
        initialize();
      }
      int id = nextId++;
      connect();
      post(legacy ? legacyCall(id, mode) : modernCall(id, mode), headers(legacy));
      switch (ending) {
        case READ -> read(id);
        case LEAVE_AT_ONCE -> leave();
        case LEAVE_AFTER_HEAD -> {
          Objects.requireNonNull(in).head();
          leave();
        }
        case CANCEL -> {
          cancel(id);
          leave();
        }
      }
    }

    private void read(int id) throws IOException {
      RawHttp.Message answer = Objects.requireNonNull(in).read();
      if (answer == null) {
        problems.add("no answer to " + id);
        leave();
        return;
      }
      seen.computeIfAbsent(kind(answer), k -> new LongAdder()).increment();
      boolean stream = "text/event-stream".equals(answer.headers().get("content-type"));
      if (answer.status() == 404) {
        session = null;
      } else if (!answer.text().contains("\"id\":" + id) && !(stream && session != null)) {
        problems.add("another answer to " + id + ": " + answer.status() + " " + answer.text());
      }
      if ("close".equals(answer.headers().get("connection"))) {
        leave();
      }
    }

    private String kind(RawHttp.Message answer) {
      java.util.regex.Matcher code =
          java.util.regex.Pattern.compile("\"code\":(-?\\d+)").matcher(answer.text());
      return answer.status() + (code.find() ? " " + code.group(1) : "");
    }

    private void initialize() throws IOException {
      connect();
      post(
          "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"clientInfo\":{\"name\":\"chaos\",\"version\":\"1\"}}}",
          "");
      RawHttp.Message answer = Objects.requireNonNull(in).read();
      session = answer == null ? null : answer.headers().get("mcp-session-id");
    }

    private void cancel(int id) throws IOException {
      try (Socket other = new Socket()) {
        other.connect(proxy.address());
        other.setSoTimeout((int) PATIENCE.toMillis());
        write(
            other,
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
                + id
                + "}}",
            headers(true));
        RawHttp.Message answer = new RawHttp(other.getInputStream()).read();
        if (answer == null) {
          problems.add("no answer to a cancel");
        }
      }
    }

    private String modernCall(int id, Mode mode) {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"mode\":\""
          + mode
          + "\"},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{}}}}";
    }

    private String legacyCall(int id, Mode mode) {
      return "{\"jsonrpc\":\"2.0\",\"id\":"
          + id
          + ",\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"mode\":\""
          + mode
          + "\"}}}";
    }

    private String headers(boolean legacy) {
      return legacy
          ? "MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: " + session + "\r\n"
          : "MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n";
    }

    private void connect() throws IOException {
      if (socket == null) {
        Socket fresh = new Socket();
        fresh.connect(proxy.address());
        fresh.setTcpNoDelay(true);
        fresh.setSoTimeout((int) PATIENCE.toMillis());
        socket = fresh;
        in = new RawHttp(fresh.getInputStream());
      }
    }

    private void post(String body, String headers) throws IOException {
      write(Objects.requireNonNull(socket), body, headers);
    }

    private static void write(Socket to, String body, String headers) throws IOException {
      to.getOutputStream()
          .write(
              ("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      + "Accept: application/json, text/event-stream\r\n"
                      + headers
                      + "Content-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(UTF_8));
    }

    private void leave() {
      try {
        if (socket != null) {
          socket.close();
        }
      } catch (IOException e) {
        problems.add("leaving: " + e);
      }
      socket = null;
      in = null;
    }
  }
}
