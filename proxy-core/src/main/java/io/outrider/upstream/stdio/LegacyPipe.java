package io.outrider.upstream.stdio;

import io.outrider.call.Failure;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.Permit;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.UpstreamCall;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.mcp.SseEvent;
import io.outrider.session.ClientSession;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The process of one legacy session. Ids pass as they are: one client, one server. Thread-safe.
///
/// What the server says unasked goes to the session's stream; while the client has none, to its
/// newest open request, as servers over HTTP do; else it waits, up to a bound.
final class LegacyPipe extends Pipe {

  /// Notifications of a server nobody listens to yet; more than a handshake brings, too few to
  /// hurt.
  private static final int MAX_WAITING = 64;

  private final ClientSession session;
  private final Object lock = new Object();
  private final Map<JsonRpcId, Exchange> running = new LinkedHashMap<>();
  private final Map<String, Exchange> byProgressToken = new LinkedHashMap<>();
  private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
  private final Set<UpstreamCall> paused = new HashSet<>();
  private @Nullable ServerStream stream;

  LegacyPipe(String upstream, ClientSession session, MessageReader reader, Restart.Run run) {
    super(upstream, reader, run);
    this.session = session;
  }

  UpstreamCall send(Permit permit, Exchange exchange) {
    JsonRpcId id = permit.call().message().id();
    String token = progressToken(permit);
    synchronized (lock) {
      running.put(id, exchange);
      if (token != null) {
        byProgressToken.put(token, exchange);
      }
    }
    if (!write(permit.bytes())) {
      forget(id);
      exchange.failed(
          new Failure.UpstreamUnreachable("the server process has ended or does not read"));
      return UpstreamCall.NONE;
    }
    return new Reader() {
      @Override
      public void cancel() {
        if (forget(id) != null) {
          write(cancelNotice(id.toJson()));
        }
        resume();
      }

      @Override
      public void release() {
        forget(id);
        resume();
      }
    };
  }

  private static @Nullable String progressToken(Permit permit) {
    JsonNode params = permit.call().message().params();
    JsonNode token = params == null ? null : params.path("_meta").get("progressToken");
    return token == null ? null : token.toString();
  }

  private @Nullable Exchange forget(JsonRpcId id) {
    synchronized (lock) {
      Exchange exchange = running.remove(id);
      byProgressToken.values().removeIf(e -> e == exchange);
      return exchange;
    }
  }

  boolean tell(byte[] message) {
    return write(message);
  }

  UpstreamCall attach(ServerStream to) {
    to.opened();
    List<byte[]> missed;
    synchronized (lock) {
      stream = to;
      missed = List.copyOf(waiting);
      waiting.clear();
    }
    missed.forEach(message -> to.event(SseEvent.message(message)));
    return new Reader() {
      @Override
      public void cancel() {
        synchronized (lock) {
          if (stream == to) {
            stream = null;
          }
        }
        resume();
      }
    };
  }

  /// Someone who reads from this pipe. Reading stops while anyone wants it to; whoever leaves must
  /// not leave the pipe paused for those who stay.
  private abstract class Reader implements UpstreamCall {
    @Override
    public void pause() {
      synchronized (lock) {
        if (paused.add(this) && paused.size() == 1) {
          pauseReading();
        }
      }
    }

    @Override
    public void resume() {
      synchronized (lock) {
        if (paused.remove(this) && paused.isEmpty()) {
          resumeReading();
        }
      }
    }
  }

  @Override
  void message(JsonRpcMessage message) {
    switch (message) {
      case JsonRpcMessage.Result result -> answer(result.id(), result.bytes());
      case JsonRpcMessage.Error error when error.id() != null -> answer(error.id(), error.bytes());
      case JsonRpcMessage.Error _ -> dropped("an error without an id");
      case JsonRpcMessage.Notification notice -> notice(notice);
      case JsonRpcMessage.Request ask -> unasked(ask.bytes());
    }
  }

  private void answer(JsonRpcId id, byte[] bytes) {
    Exchange exchange = forget(id);
    if (exchange == null) {
      dropped("an answer to nothing that is open");
      return;
    }
    exchange.loop().execute(() -> exchange.body(200, bytes));
  }

  private void notice(JsonRpcMessage.Notification notice) {
    JsonNode token =
        notice.method().equals("notifications/progress") && notice.params() != null
            ? notice.params().get("progressToken")
            : null;
    if (token == null) {
      unasked(notice.bytes());
      return;
    }
    Exchange exchange;
    synchronized (lock) {
      exchange = byProgressToken.get(token.toString());
    }
    if (exchange == null) {
      dropped("progress of nothing that is open");
      return;
    }
    exchange.loop().execute(() -> exchange.event(SseEvent.message(notice.bytes())));
  }

  private void unasked(byte[] bytes) {
    ServerStream to;
    Exchange newest;
    synchronized (lock) {
      to = stream;
      newest = to == null ? newest() : null;
      if (to == null && newest == null) {
        if (waiting.size() == MAX_WAITING) {
          waiting.poll();
          dropped("nobody listens to what the server says unasked");
        }
        waiting.add(bytes);
      }
    }
    if (to != null) {
      to.loop().execute(() -> to.event(SseEvent.message(bytes)));
    } else if (newest != null) {
      newest.loop().execute(() -> newest.event(SseEvent.message(bytes)));
    }
  }

  private @Nullable Exchange newest() {
    Exchange newest = null;
    for (Exchange exchange : running.values()) {
      if (!exchange.permit().call().isOwn()) {
        newest = exchange;
      }
    }
    return newest;
  }

  @Override
  void oversizedMessage() {
    failAll(
        new Failure.UpstreamBadProtocol(
            "a message was longer than sizes.max_message, and its id is unknown"));
  }

  @Override
  void over(String how, boolean acted) {
    failAll(
        acted
            ? new Failure.UpstreamClosed("the server process ended: " + how)
            : new Failure.UpstreamUnreachable(how));
    session.onClosed();
  }

  private void failAll(Failure failure) {
    List<Exchange> lost;
    synchronized (lock) {
      lost = new ArrayList<>(running.values());
      running.clear();
      byProgressToken.clear();
    }
    lost.forEach(exchange -> exchange.loop().execute(() -> exchange.failed(failure)));
  }
}
