package io.outrider.frontend.stdio;

import io.netty.channel.EventLoop;
import io.outrider.call.Call;
import io.outrider.call.Principal;
import io.outrider.call.Refusal;
import io.outrider.call.Source;
import io.outrider.enforce.Answer;
import io.outrider.enforce.ClientReply;
import io.outrider.enforce.Exchange;
import io.outrider.frontend.Reception;
import io.outrider.frontend.Visit;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.SseEvent;
import io.outrider.session.CallOpener;
import io.outrider.session.ClientSession;
import io.outrider.session.Inbound;
import io.outrider.session.Opened;
import io.outrider.session.SessionState;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client over stdin and stdout: one JSON-RPC message a line (MCP transports, stdio). The
/// operating system says who the client is: whoever started this process.
public final class StdioFront {

  private static final Logger log = LoggerFactory.getLogger(StdioFront.class);

  /// What may wait for a client that does not read before the server is made to wait too.
  private static final long HIGH_WATER = 1 << 20;

  private final Reception reception;
  private final CallOpener opener;
  private final String upstream;
  private final Principal principal;
  private final EventLoop loop;
  private final InputStream in;
  private final OutputStream out;
  private final int maxLine;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("outrider-stdout").factory());
  private final AtomicLong unwritten = new AtomicLong();
  private final Set<LineReply> unanswered = new LinkedHashSet<>();
  private final Deque<Runnable> held = new ArrayDeque<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private @Nullable ClientSession session;
  private @Nullable LineReply opening;
  private @Nullable Runnable whenWritable;
  private boolean listening;

  /// @param upstream the server this client talks to
  /// @param maxLine bytes of a line from the client
  public StdioFront(
      Reception reception,
      CallOpener opener,
      String upstream,
      Principal principal,
      EventLoop loop,
      InputStream in,
      OutputStream out,
      int maxLine) {
    this.reception = reception;
    this.opener = opener;
    this.upstream = upstream;
    this.principal = principal;
    this.loop = loop;
    this.in = new BufferedInputStream(in, 1 << 16);
    this.out = out;
    this.maxLine = maxLine;
  }

  /// Starts reading. The stage completes when the client's input ends or its server's session does.
  public CompletionStage<Void> start() {
    Thread.ofPlatform().daemon().name("outrider-stdin").start(this::readLines);
    return ended;
  }

  private void readLines() {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 10);
      boolean over = false;
      for (int b = in.read(); b >= 0; b = in.read()) {
        if (b != '\n') {
          over |= line.size() >= maxLine;
          if (!over) {
            line.write(b);
          }
          continue;
        }
        byte[] bytes = line.toByteArray();
        boolean tooLong = over;
        line.reset();
        over = false;
        loop.execute(() -> received(bytes, tooLong));
      }
    } catch (IOException e) {
      log.atInfo().addKeyValue("cause", e.getMessage()).log("reading from the client failed");
    }
    loop.execute(this::inputEnded);
  }

  private void inputEnded() {
    held.clear();
    List.copyOf(unanswered).forEach(LineReply::clientGone);
    if (session != null) {
      session.onClosed();
    }
    writer.execute(() -> ended.complete(null));
    writer.shutdown();
  }

  private void received(byte[] line, boolean tooLong) {
    if (opening != null) {
      // Who writes its first messages in one go, as a script does, is not to be told that it came
      // too early: the session is there as soon as `initialize` is answered.
      held.add(() -> received(line, tooLong));
      return;
    }
    byte[] message = withoutCr(line);
    if (message.length == 0 && !tooLong) {
      return; // an empty line says nothing
    }
    Inbound inbound = new Inbound(upstream, principal, Source.STDIO, message, null, session);
    if (tooLong) {
      Answer answer =
          reception.refuse(
              new Opened.Refused(
                  new Refusal.TooLarge(
                      "found a line of more than " + maxLine + " bytes (expected: at most that)"),
                  Era.LEGACY,
                  null,
                  null,
                  inbound));
      write(answer.json());
      return;
    }
    if (session == null && opener.open(inbound) instanceof Opened.Cancel(JsonRpcId id)) {
      List.copyOf(unanswered).stream()
          .filter(reply -> reply.isFor(id))
          .forEach(LineReply::clientGone);
      return;
    }
    LineReply reply = new LineReply();
    unanswered.add(reply);
    reply.visiting(reception.receive(inbound, reply, loop, this::opened));
  }

  private static byte[] withoutCr(byte[] line) {
    return line.length > 0 && line[line.length - 1] == '\r'
        ? Arrays.copyOf(line, line.length - 1)
        : line;
  }

  /// `initialize` went out: what the server says from now on is heard on this pipe.
  private void opened(ClientSession opening) {
    session = opening;
    opening.whenClosed(() ->
        loop.execute(() -> {
          if (session == opening) {
            session = null;
          }
        }));
  }

  private void write(byte[] json) {
    if (json.length == 0 || writer.isShutdown()) {
      return;
    }
    unwritten.addAndGet(json.length);
    writer.execute(() -> {
      try {
        out.write(json);
        out.write('\n');
        out.flush();
      } catch (IOException e) {
        ended.complete(null); // the client is gone; reading will find out too
      }
      if (unwritten.addAndGet(-json.length) < HIGH_WATER) {
        loop.execute(this::drained);
      }
    });
  }

  private void drained() {
    Runnable task = whenWritable;
    if (task != null) {
      whenWritable = null;
      task.run();
    }
  }

  /// The answers to one line, as lines.
  private final class LineReply implements ClientReply {
    private final Place place = new Place();
    private @Nullable Visit visit;

    void visiting(Visit visit) {
      this.visit = visit;
      Call call = visit.call();
      if (unanswered.contains(this) && call != null && call.method() == McpMethod.INITIALIZE) {
        opening = this;
      }
    }

    boolean isFor(JsonRpcId id) {
      return visit != null && visit.call() != null && id.equals(visit.call().message().id());
    }

    void clientGone() {
      if (visit != null) {
        visit.clientGone();
      }
    }

    @Override
    public void openStream(Map<String, String> headers) {}

    @Override
    public void event(SseEvent event) {
      place.passed(event);
      write(event.data());
    }

    @Override
    public void answer(Answer answer) {
      finish();
      write(answer.json());
      if (session != null && session.state() instanceof SessionState.Open && !listening) {
        listening = true;
        reception.listen(session, null, new StreamReply(session, new Place(), () -> true), loop);
      }
      release();
    }

    @Override
    public void answer(Answer answer, SseEvent event) {
      answer(answer);
    }

    @Override
    public void close() {
      finish();
      Exchange exchange = visit == null ? null : visit.exchange();
      if (exchange != null && exchange.isParked() && session != null) {
        new StreamReply(session, place, exchange::isParked).again();
      }
      release();
    }

    private void finish() {
      unanswered.remove(this);
    }

    /// Once `initialize` is answered, what came after it is taken up.
    private void release() {
      if (opening == this) {
        opening = null;
      }
      while (opening == null && !held.isEmpty()) {
        held.poll().run();
      }
    }

    @Override
    public boolean isWritable() {
      return unwritten.get() < HIGH_WATER;
    }

    @Override
    public void whenWritable(Runnable task) {
      whenWritable = both(whenWritable, task);
    }
  }

  /// How far a stream has come. A client on a pipe knows nothing of streams that break, so the
  /// proxy resumes them in its stead, as a client over HTTP does itself (2025-11-25, polling).
  private static final class Place {
    /// The pause when the server names none; browsers take a few seconds.
    private static final long DEFAULT_PAUSE = 1_000;

    /// A server that ends its stream at once, again and again, is asked this seldom in the end.
    private static final long LONGEST_PAUSE = 30_000;

    private @Nullable String lastEventId;
    private @Nullable Long asked;
    private long pause = DEFAULT_PAUSE;

    void passed(SseEvent event) {
      lastEventId = event.id() == null ? lastEventId : event.id();
      asked = event.retry() == null ? asked : event.retry();
      pause = DEFAULT_PAUSE;
    }

    @Nullable String lastEventId() {
      return lastEventId;
    }

    long nextPause() {
      long mine = pause;
      pause = Math.min(2 * pause, LONGEST_PAUSE);
      return asked == null ? mine : Math.max(0, asked);
    }
  }

  /// What the server says on a stream of its own, as lines.
  private final class StreamReply implements ClientReply {
    private final ClientSession of;
    private final Place place;
    private final BooleanSupplier wanted;

    /// @param wanted whether the stream is to be opened again when it ends
    StreamReply(ClientSession of, Place place, BooleanSupplier wanted) {
      this.of = of;
      this.place = place;
      this.wanted = wanted;
    }

    void again() {
      var unused =
          loop.schedule(
              () -> {
                if (isWanted()) {
                  reception.listen(of, place.lastEventId(), this, loop);
                }
              },
              place.nextPause(),
              TimeUnit.MILLISECONDS);
    }

    private boolean isWanted() {
      return session == of && of.state() instanceof SessionState.Open && wanted.getAsBoolean();
    }

    @Override
    public void openStream(Map<String, String> headers) {}

    @Override
    public void event(SseEvent event) {
      place.passed(event);
      write(event.data());
    }

    /// The server offers no such stream (405 and its like), or cannot be reached now.
    @Override
    public void answer(Answer answer) {
      if (answer.status() >= 500 && isWanted()) {
        again();
      }
    }

    @Override
    public void answer(Answer answer, SseEvent event) {
      place.passed(event);
      write(answer.json());
    }

    @Override
    public void close() {
      if (isWanted()) {
        again();
      }
    }

    @Override
    public boolean isWritable() {
      return unwritten.get() < HIGH_WATER;
    }

    @Override
    public void whenWritable(Runnable task) {
      whenWritable = both(whenWritable, task);
    }
  }

  private static Runnable both(@Nullable Runnable first, Runnable second) {
    return first == null
        ? second
        : () -> {
          first.run();
          second.run();
        };
  }
}
