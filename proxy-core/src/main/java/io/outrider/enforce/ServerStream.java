package io.outrider.enforce;

import io.netty.channel.EventLoop;
import io.outrider.enforce.PolicyInput.Asker;
import io.outrider.enforce.ServerPipeline.Passage;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.Reading;
import io.outrider.mcp.SseEvent;
import io.outrider.session.ClientSession;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The stream on which a legacy server speaks unasked (GET of Streamable HTTP, or the pipe itself):
/// notifications, asks, and answers of calls that were parked. Used on its loop.
public final class ServerStream {

  private static final Logger log = LoggerFactory.getLogger(ServerStream.class);

  private final ClientSession session;
  private final ClientReply reply;
  private final LiveRules rules;
  private final WayBack way;
  private final Forwarder forwarder;
  private final EventLoop loop;
  private final Lane lane;

  private UpstreamCall upstream = UpstreamCall.NONE;
  private boolean paused;
  private boolean closed;
  private Runnable forgetClose = () -> {};
  private boolean ended;

  /// Answers of parked calls that are being judged on the loops of those calls.
  private int late;

  public ServerStream(
      ClientSession session,
      ClientReply reply,
      LiveRules rules,
      WayBack way,
      Forwarder forwarder,
      EventLoop loop) {
    this.session = session;
    this.reply = reply;
    this.rules = rules;
    this.way = way;
    this.forwarder = forwarder;
    this.loop = loop;
    this.lane = new Lane(loop, way.workers, way.offLoopBytes, this::resumeIfPossible);
  }

  /// Attaches to the upstream. On the loop.
  public void start(@Nullable String lastEventId) {
    upstream = forwarder.listen(session, lastEventId, this);
    if (!closed) {
      forgetClose = session.whenClosed(() -> loop.execute(this::close));
    }
  }

  public EventLoop loop() {
    return loop;
  }

  /// The upstream accepted; the client sees the head of the stream now.
  public void opened() {
    if (!closed) {
      reply.openStream(Map.of());
    }
  }

  /// The upstream offers no such stream, or not now.
  ///
  /// @param status HTTP status to answer with
  public void refused(int status) {
    if (!closed) {
      closed = true;
      forgetClose.run();
      reply.answer(
          new Answer(
              status, new byte[0], status == 405 ? Map.of("allow", "POST, DELETE") : Map.of()));
    }
  }

  public void event(SseEvent event) {
    if (closed || !event.type().equals(SseEvent.MESSAGE)) {
      return;
    }
    if (event.data().length == 0) {
      reply.event(event);
      return;
    }
    Rules snapshot = rules.current();
    lane.run(
        event.data().length,
        () -> judge(event.data(), snapshot),
        spoken -> {
          if (closed) {
            return;
          }
          switch (spoken) {
            case Spoken.Notice(Passage.Deliver deliver) ->
                reply.event(event.withData(deliver.bytes()));
            case Spoken.Notice(Passage.Drop drop) -> dropped(drop.why());
            case Spoken.Ask(JsonRpcMessage.Request request, Passage passage) ->
                Asks.pass(
                    request,
                    passage,
                    session,
                    forwarder,
                    loop,
                    bytes -> reply.event(event.withData(bytes)));
            case Spoken.Late(Exchange exchange) -> {
              late++;
              exchange.answerElsewhere(event, loop, this::deliverLate, this::lateDone);
            }
            case Spoken.Stray(String why) -> dropped(why);
          }
        });
    pauseIfNeeded();
  }

  /// The upstream ended the stream.
  public void ended() {
    ended = true;
    if (!closed && late == 0) {
      closed = true;
      forgetClose.run();
      reply.close();
    }
  }

  /// The client left.
  public void close() {
    if (!closed) {
      closed = true;
      forgetClose.run();
      upstream.cancel();
      reply.close();
    }
  }

  private void lateDone() {
    late--;
    if (ended) {
      ended();
    }
  }

  private void deliverLate(SseEvent event) {
    if (!closed) {
      reply.event(event);
    }
  }

  private sealed interface Spoken {
    record Notice(Passage passage) implements Spoken {}

    record Ask(JsonRpcMessage.Request request, Passage passage) implements Spoken {}

    record Late(Exchange exchange) implements Spoken {}

    record Stray(String why) implements Spoken {}
  }

  private Spoken judge(byte[] bytes, Rules snapshot) {
    try {
      return switch (way.reader.read(bytes)) {
        case Reading.Bad bad -> new Spoken.Stray(bad.detail());
        case Reading.Parsed(JsonRpcMessage message) ->
            switch (message) {
              case JsonRpcMessage.Notification n ->
                  new Spoken.Notice(
                      way.server.notice(
                          n, session.upstream(), snapshot, List.of(), Asker.of(session).subject()));
              case JsonRpcMessage.Request r ->
                  new Spoken.Ask(r, way.server.ask(r, Asker.of(session), snapshot));
              case JsonRpcMessage.Result r -> late(r.id());
              case JsonRpcMessage.Error e -> late(e.id());
            };
      };
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("upstream", session.upstream())
          .log("judging a message of the server failed");
      return new Spoken.Stray("judging it failed");
    }
  }

  private Spoken late(@Nullable JsonRpcId id) {
    return id != null && session.inFlight(id) instanceof Exchange exchange
        ? new Spoken.Late(exchange)
        : new Spoken.Stray("an answer to nothing that is open");
  }

  private void dropped(String why) {
    way.metrics.droppedServerMessage(session.upstream());
    log.atWarn()
        .addKeyValue("upstream", session.upstream())
        .log("dropped a message of the server: " + why);
  }

  private void pauseIfNeeded() {
    if (!paused && !closed && (lane.isBusy() || !reply.isWritable())) {
      paused = true;
      upstream.pause();
      if (!lane.isBusy()) {
        reply.whenWritable(this::resumeIfPossible);
      }
    }
  }

  private void resumeIfPossible() {
    if (!paused || lane.isBusy()) {
      return;
    }
    if (!closed && !reply.isWritable()) {
      reply.whenWritable(this::resumeIfPossible);
      return;
    }
    paused = false;
    upstream.resume();
  }
}
