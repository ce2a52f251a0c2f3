package io.outrider.upstream.stdio;

import io.netty.channel.EventLoop;
import io.outrider.call.Failure;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.Permit;
import io.outrider.enforce.UpstreamCall;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.mcp.Meta;
import io.outrider.mcp.SseEvent;
import io.outrider.upstream.EraProbe;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A process that serves requests of several clients (2026-07-28). Request ids, progress tokens and
/// subscription ids are minted here, because those of different clients collide, and an answer must
/// never reach another client (CVE-2026-25536). Thread-safe.
final class ModernPipe extends Pipe {

  private final AtomicLong lastId = new AtomicLong();
  private final Map<Long, Exchange> running = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private volatile @Nullable Probe probe;
  private volatile long lastUsed;
  private volatile boolean retired;

  private record Probe(long id, EventLoop loop, Consumer<EraProbe.Verdict> then) {}

  private final MessageReader probeReader;

  ModernPipe(String upstream, MessageReader reader, LongSupplier nanoTime, Restart.Run run) {
    super(upstream, reader, run);
    this.probeReader = reader;
    this.nanoTime = nanoTime;
    this.lastUsed = nanoTime.getAsLong();
  }

  /// Takes no more calls, if it has none and had none for that long; the caller then closes it.
  synchronized boolean retireIfIdle(long idleNanos) {
    if (probe != null || !running.isEmpty() || nanoTime.getAsLong() - lastUsed < idleNanos) {
      return false;
    }
    retired = true;
    return true;
  }

  /// Notes a call, so that the process is not ended under it.
  ///
  /// @return false when it takes none any more
  private synchronized boolean begin(long id, Exchange exchange) {
    if (retired) {
      return false;
    }
    running.put(id, exchange);
    return true;
  }

  private void end(long id) {
    lastUsed = nanoTime.getAsLong();
    running.remove(id);
  }

  /// Whether it may be given a call.
  boolean isUsable() {
    return isOpen() && !retired;
  }

  /// Sends a request.
  ///
  /// @return null when this process takes no calls any more, and nothing was sent
  @Nullable UpstreamCall send(Permit permit, Exchange exchange) {
    long id = lastId.incrementAndGet();
    ObjectNode message = Json.tree(permit.bytes());
    message.put("id", id);
    if (message.path("params").path("_meta") instanceof ObjectNode meta
        && meta.has("progressToken")) {
      meta.put("progressToken", id);
    }
    if (!begin(id, exchange)) {
      return null;
    }
    if (!write(Json.bytes(message))) {
      end(id);
      exchange.failed(
          new Failure.UpstreamUnreachable("the server process has ended or does not read"));
      return UpstreamCall.NONE;
    }
    return new UpstreamCall() {
      @Override
      public void cancel() {
        lastUsed = nanoTime.getAsLong();
        if (running.remove(id) != null) {
          write(cancelNotice(Long.toString(id)));
        }
      }

      @Override
      public void release() {
        end(id);
      }

      // One slow client must not stop the process for the others; its own buffer is bounded by the
      // size of a message, and its connection by the idle deadline.
      @Override
      public void pause() {}

      @Override
      public void resume() {}
    };
  }

  @Override
  void message(JsonRpcMessage message) {
    switch (message) {
      case JsonRpcMessage.Result result -> answer(result.id(), result.bytes());
      case JsonRpcMessage.Error error -> answer(error.id(), error.bytes());
      case JsonRpcMessage.Notification notice -> notice(notice);
      case JsonRpcMessage.Request _ ->
          dropped("a request of the server, which 2026-07-28 does not have");
    }
  }

  private void answer(@Nullable JsonRpcId id, byte[] bytes) {
    long number = id instanceof JsonRpcId.Num n ? n.value() : -1;
    Probe asked = probe;
    if (asked != null && (asked.id == number || id == null)) {
      probed(EraProbe.read(probeReader, bytes));
      return;
    }
    Exchange exchange = running.remove(number);
    if (exchange == null) {
      dropped("an answer to nothing that is open");
      return;
    }
    byte[] theirs = forClient(bytes, exchange);
    exchange.loop().execute(() -> exchange.body(200, theirs));
  }

  private void notice(JsonRpcMessage.Notification notice) {
    JsonNode params = notice.params();
    JsonNode mark = params == null ? null : params.path("_meta").get(Meta.SUBSCRIPTION_ID);
    if (mark == null && params != null && notice.method().equals("notifications/progress")) {
      mark = params.get("progressToken");
    }
    Exchange exchange =
        mark != null && mark.canConvertToLong() ? running.get(mark.longValue()) : null;
    if (mark == null && notice.method().equals("notifications/message")) {
      exchange = onlyOneThatLogs();
    }
    if (exchange == null) {
      dropped(notice.method() + " that belongs to no request");
      return;
    }
    Exchange to = exchange;
    byte[] theirs = forClient(notice.bytes(), to);
    to.loop().execute(() -> to.event(SseEvent.message(theirs)));
  }

  /// A log message on a pipe does not say which request it belongs to. With one request that asked
  /// for messages there is no doubt; with more it could tell one client about another, and is
  /// dropped.
  private @Nullable Exchange onlyOneThatLogs() {
    List<Exchange> asked =
        running.values().stream()
            .filter(e ->
                e.permit().call().message().params() instanceof ObjectNode p
                    && p.path("_meta").has(Meta.LOG_LEVEL))
            .toList();
    return asked.size() == 1 ? asked.getFirst() : null;
  }

  /// Puts the client's own id, token and subscription id back.
  private static byte[] forClient(byte[] bytes, Exchange exchange) {
    ObjectNode message = Json.tree(bytes);
    JsonRpcId id = exchange.permit().call().message().id();
    if (message.has("id")) {
      put(message, "id", id);
    }
    for (String part : List.of("params", "result")) {
      if (message.path(part) instanceof ObjectNode body) {
        if (body.path("_meta") instanceof ObjectNode meta && meta.has(Meta.SUBSCRIPTION_ID)) {
          put(meta, Meta.SUBSCRIPTION_ID, id);
        }
        JsonNode theirs =
            exchange.permit().call().message().params() == null
                ? null
                : exchange.permit().call().message().params().path("_meta").get("progressToken");
        if (part.equals("params") && body.has("progressToken") && theirs != null) {
          body.set("progressToken", theirs);
        }
      }
    }
    return Json.bytes(message);
  }

  private static void put(ObjectNode into, String name, JsonRpcId id) {
    switch (id) {
      case JsonRpcId.Num n -> into.put(name, n.value());
      case JsonRpcId.Str s -> into.put(name, s.value());
    }
  }

  // --- the probe

  /// Asks for the era once the process is started; says the verdict exactly once, on `loop`.
  void probe(EventLoop loop, Consumer<EraProbe.Verdict> then) {
    probe = new Probe(lastId.incrementAndGet(), loop, then);
  }

  void sendProbe() {
    Probe asked = probe;
    if (asked != null) {
      ObjectNode discover = Json.tree(EraProbe.discover("-"));
      discover.put("id", asked.id);
      write(Json.bytes(discover));
    }
  }

  /// Silence is what some old servers answer.
  void probeTimedOut() {
    probed(new EraProbe.Verdict.Legacy());
  }

  private void probed(EraProbe.Verdict verdict) {
    Probe asked;
    synchronized (this) {
      asked = probe;
      probe = null;
    }
    if (asked != null) {
      asked.loop.execute(() -> asked.then.accept(verdict));
    }
  }

  @Override
  void oversizedMessage() {
    failAll(
        new Failure.UpstreamBadProtocol(
            "a message was longer than sizes.max_message, and its id is unknown"));
  }

  @Override
  void over(String how, boolean acted) {
    // An end at an unknown question is an answer too: some old servers do that.
    probed(acted ? new EraProbe.Verdict.Legacy() : new EraProbe.Verdict.Unknown(how));
    failAll(
        acted
            ? new Failure.UpstreamClosed("the server process ended: " + how)
            : new Failure.UpstreamUnreachable(how));
  }

  private void failAll(Failure failure) {
    List<Exchange> lost = new ArrayList<>(running.values());
    running.clear();
    lost.forEach(exchange -> exchange.loop().execute(() -> exchange.failed(failure)));
  }
}
