package io.outrider.enforce;

import io.netty.channel.EventLoop;
import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.enforce.PolicyInput.Asker;
import io.outrider.enforce.ResultPath.Judged;
import io.outrider.enforce.ServerPipeline.Passage;
import io.outrider.enforce.Treatments.Subject;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.Reading;
import io.outrider.limit.Ticket;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.SseEvent;
import io.outrider.redaction.Finding;
import io.outrider.session.ClientSession;
import io.outrider.session.InFlight;
import io.outrider.session.SessionState;
import io.outrider.settings.RedactionSettings.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One forwarded call until its end: takes what the upstream says, passes it through
/// [ServerPipeline] and [ResultPath], and ends exactly once, however it ends. The ticket is given
/// back at the end and not before; the outcome is recorded before the client hears it.
///
/// ```
/// Running --stream ended after an event id--> Parked --answer on another stream--> Ended
///    \--------answer, failure, timeout, cancel, client gone------------------------^
/// ```
///
/// Everything but [InFlight] happens on [#loop()].
public final class Exchange implements InFlight {

  private static final Logger log = LoggerFactory.getLogger(Exchange.class);

  private enum State {
    RUNNING,
    /// The server closed the connection and will answer on a resumed stream (2025-11-25, polling).
    PARKED,
    ENDED
  }

  private final Permit permit;
  private final ClientReply reply;
  private final WayBack way;
  private final Forwarder forwarder;
  private final EventLoop loop;
  private final Lane lane;
  private final long startNanos;
  private final List<Finding> noticed = new ArrayList<>();

  private State state = State.RUNNING;
  private UpstreamCall upstream = UpstreamCall.NONE;
  private boolean paused;
  private boolean clientGone;
  private boolean eventIdSeen;
  private long lastSignNanos;
  private long endByNanos;
  private Failure endByReason;

  private Exchange(
      Permit permit, ClientReply reply, WayBack way, Forwarder forwarder, EventLoop loop) {
    this.permit = permit;
    this.reply = reply;
    this.way = way;
    this.forwarder = forwarder;
    this.loop = loop;
    this.lane = new Lane(loop, way.workers, way.offLoopBytes, this::resumeIfPossible);
    this.startNanos = way.nanoTime.getAsLong();
    this.lastSignNanos = startNanos;
    this.endByNanos = startNanos + way.absoluteNanos;
    this.endByReason =
        new Failure.UpstreamTimedOut("no end within " + way.absoluteNanos / 1_000_000 + " ms");
  }

  /// Forwards a permitted call. On `loop`.
  public static Exchange start(
      Permit permit, ClientReply reply, WayBack way, Forwarder forwarder, EventLoop loop) {
    Exchange exchange = new Exchange(permit, reply, way, forwarder, loop);
    exchange.begin();
    return exchange;
  }

  /// Ends a permitted call that nobody wants any more without forwarding it: its intent is on
  /// record, and so must its end be.
  public static void endUnsent(
      Permit permit,
      ClientReply reply,
      WayBack way,
      Forwarder forwarder,
      EventLoop loop,
      Failure why) {
    Exchange exchange = new Exchange(permit, reply, way, forwarder, loop);
    way.metrics.started(permit.call().upstream());
    exchange.end(Ending.of(why), reply::answer);
  }

  private void begin() {
    way.metrics.started(permit.call().upstream());
    ClientSession session = permit.session();
    if (session != null && !session.begin(permit.call().message().id(), this)) {
      // Two requests with one id passed the opener at the same moment; the record of the second
      // says so.
      end(
          Ending.of(new Failure.Internal("the id came into use while the call was judged")),
          reply::answer);
      return;
    }
    if (session != null && session.state() instanceof SessionState.Closed) {
      // Whoever ended it has told those in flight, and this one came too late to hear.
      end(
          Ending.of(new Failure.UpstreamSessionLost("the session ended before the call was sent")),
          reply::answer);
      return;
    }
    way.deadlines.add(loop, this);
    try {
      UpstreamCall call = forwarder.forward(permit, this);
      if (state == State.RUNNING) {
        upstream = call;
      }
    } catch (RuntimeException e) {
      log.atError().setCause(e).addKeyValue("call", permit.call().id()).log("forwarding failed");
      failed(new Failure.Internal("forwarding failed: " + e.getClass().getSimpleName()));
    }
  }

  public Permit permit() {
    return permit;
  }

  public EventLoop loop() {
    return loop;
  }

  /// Whether the server ended the stream and will answer on a resumed one. On the loop.
  public boolean isParked() {
    return state == State.PARKED;
  }

  // --- what the upstream says

  /// The upstream answers with a stream.
  public void opened() {
    sign();
    if (!clientGone && state == State.RUNNING && !isInitialize()) {
      reply.openStream(Map.of());
    }
  }

  /// The head of the answer to `initialize` names the session, and a client may use it from then
  /// on: it is not said before the session is there, which is with the answer.
  private boolean isInitialize() {
    return permit.call().method() == McpMethod.INITIALIZE;
  }

  /// One event of the upstream's stream, or one line of its pipe.
  public void event(SseEvent event) {
    sign();
    if (state == State.ENDED || !event.type().equals(SseEvent.MESSAGE)) {
      return; // MCP knows no other events here
    }
    eventIdSeen |= event.id() != null;
    if (event.data().length == 0) {
      if (!isInitialize()) {
        deliver(event); // a priming event: it carries an id, and no message
      }
      return;
    }
    lane.run(
        event.data().length,
        () -> judge(event.data(), 200),
        judgement -> {
          switch (judgement) {
            case OnTheWay.Notice(Passage.Deliver deliver) -> {
              noticed.addAll(deliver.findings());
              deliver(event.withData(deliver.bytes()));
            }
            case OnTheWay.Notice(Passage.Drop drop) -> dropped(drop.why());
            case OnTheWay.Ask(JsonRpcMessage.Request request, Passage passage) ->
                ask(request, passage, event);
            case OnTheWay.Last(Judged judged) ->
                answered(
                    judged,
                    event.data(),
                    answer -> reply.answer(answer, event.withData(answer.json())));
            case OnTheWay.Stray(String why) -> dropped(why);
            case OnTheWay.Broken(String why) -> failed(new Failure.UpstreamBadProtocol(why));
          }
        });
    pauseIfNeeded();
  }

  /// The upstream's whole answer in one piece.
  ///
  /// @param status its HTTP status
  public void body(int status, byte[] json) {
    sign();
    lane.run(
        json.length,
        () -> judge(json, status),
        judgement -> {
          switch (judgement) {
            case OnTheWay.Last(Judged judged) -> answered(judged, json, reply::answer);
            case OnTheWay.Broken(String why) ->
                failed(new Failure.UpstreamBadProtocol(why + " with HTTP status " + status));
            case OnTheWay.Stray(String why) -> failed(new Failure.UpstreamBadProtocol(why));
            case OnTheWay.Notice _, OnTheWay.Ask _ ->
                failed(new Failure.UpstreamBadProtocol("found no answer in the reply"));
          }
        });
  }

  /// The upstream's stream ended and there was no answer on it.
  public void ended() {
    lane.run(
        0,
        () -> state,
        now -> {
          if (now != State.RUNNING) {
            return;
          }
          if (eventIdSeen && permit.session() != null && !clientGone && !permit.call().isOwn()) {
            state = State.PARKED;
            reply.close();
          } else {
            failed(new Failure.UpstreamClosed("the stream ended without an answer"));
          }
        });
  }

  /// The upstream cannot answer any more.
  public void failed(Failure failure) {
    if (failure instanceof Failure.UpstreamSessionLost && permit.session() != null) {
      end(Ending.of(failure), reply::answer);
      permit.session().onClosed();
      return;
    }
    end(Ending.of(failure), reply::answer);
  }

  /// The answer of a parked call came on another stream of its session. On any thread.
  ///
  /// @param sink delivers the event, on the loop of that stream
  /// @param done runs on that loop afterwards, delivered or not
  void answerElsewhere(SseEvent event, EventLoop sinkLoop, Consumer<SseEvent> sink, Runnable done) {
    onLoop(() -> {
      sign();
      lane.run(
          event.data().length,
          () -> judge(event.data(), 200),
          judgement -> {
            if (judgement instanceof OnTheWay.Last(Judged judged) && permit.call().isOwn()) {
              answered(judged, event.data(), reply::answer);
            } else if (judgement instanceof OnTheWay.Last(Judged judged)) {
              if (state == State.RUNNING) {
                reply.close();
                state = State.PARKED;
              }
              answered(
                  judged,
                  event.data(),
                  answer -> sinkLoop.execute(() -> sink.accept(event.withData(answer.json()))));
            }
            sinkLoop.execute(done);
          });
    });
  }

  // --- what the client does

  /// The client's connection is gone. In the modern era that is a cancel; in the legacy one the
  /// work goes on, and may be fetched by resuming.
  public void clientGone() {
    if (clientGone || state == State.ENDED) {
      return;
    }
    clientGone = true;
    if (permit.call().era() == Era.MODERN || isInitialize()) {
      upstream.cancel();
      end(Ending.of(new Failure.ClientGone("the client closed the connection")), reply::answer);
      return;
    }
    resumeIfPossible(); // nobody reads any more: drain without waiting
  }

  /// Nobody waits for the answer any more, and the upstream has not been told. On the loop.
  void giveUp(String why) {
    if (state != State.ENDED) {
      upstream.cancel();
      end(Ending.of(new Failure.ClientGone(why)), reply::answer);
    }
  }

  /// The client cancelled, and the upstream was told.
  @Override
  public void cancelled() {
    onLoop(() -> {
      endByNanos = Math.min(endByNanos, way.nanoTime.getAsLong() + WayBack.CANCEL_GRACE.toNanos());
      endByReason = new Failure.ClientGone("the client cancelled");
    });
  }

  @Override
  public void sessionEnded() {
    onLoop(() -> {
      if (state != State.ENDED) {
        upstream.cancel();
        failed(new Failure.UpstreamClosed("the session ended"));
      }
    });
  }

  private void onLoop(Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  void onTick(long now) {
    if (state == State.ENDED) {
      return;
    }
    boolean listens = permit.call().method().kind() == McpMethod.Kind.LISTEN;
    if (!listens && now - endByNanos >= 0) {
      upstream.cancel();
      failed(endByReason);
    } else if (paused) {
      lastSignNanos = now; // it is the client that is slow
    } else if (!listens && now - lastSignNanos >= way.idleNanos) {
      upstream.cancel();
      failed(
          new Failure.UpstreamTimedOut("no sign of life for " + way.idleNanos / 1_000_000 + " ms"));
    }
  }

  // --- inside

  /// What one message of the upstream turned out to be.
  private sealed interface OnTheWay {
    record Notice(Passage passage) implements OnTheWay {}

    record Ask(JsonRpcMessage.Request request, Passage passage) implements OnTheWay {}

    record Last(Judged judged) implements OnTheWay {}

    /// Well-formed, and not for this exchange.
    record Stray(String why) implements OnTheWay {}

    record Broken(String why) implements OnTheWay {}
  }

  /// Pure: may run on a worker.
  private OnTheWay judge(byte[] bytes, int status) {
    try {
      return switch (way.reader.read(bytes)) {
        case Reading.Bad bad -> new OnTheWay.Broken(bad.detail());
        case Reading.Parsed(JsonRpcMessage message) ->
            switch (message) {
              case JsonRpcMessage.Notification n ->
                  new OnTheWay.Notice(
                      way.server.notice(
                          n,
                          permit.call().upstream(),
                          permit.rules(),
                          permit.duties().redactResponse(),
                          Subject.of(permit.call(), Direction.RESPONSE)));
              case JsonRpcMessage.Request r when permit.call().era() == Era.MODERN ->
                  new OnTheWay.Stray("a request of the server, which 2026-07-28 does not have");
              case JsonRpcMessage.Request r ->
                  new OnTheWay.Ask(r, way.server.ask(r, Asker.of(permit.call()), permit.rules()));
              case JsonRpcMessage.Result r when isOurs(r.id()) ->
                  new OnTheWay.Last(way.results.judge(permit, r, status));
              case JsonRpcMessage.Error e when e.id() == null || isOurs(e.id()) ->
                  new OnTheWay.Last(way.results.judge(permit, e, status));
              case JsonRpcMessage.Result _, JsonRpcMessage.Error _ ->
                  new OnTheWay.Stray("an answer to another request");
            };
      };
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("call", permit.call().id())
          .log("judging an answer failed");
      return new OnTheWay.Last(
          new Judged.Withhold(
              new Failure.ResultWithheld("internal", "judging the answer failed"), List.of()));
    }
  }

  private boolean isOurs(JsonRpcId id) {
    return id.equals(permit.call().message().id());
  }

  private void ask(JsonRpcMessage.Request request, Passage passage, SseEvent event) {
    ClientSession session = permit.session();
    if (session == null) {
      dropped("an ask outside a session");
      return;
    }
    if (permit.call().isOwn()) {
      Asks.decline(request, "No client asked this", session, forwarder, loop);
      return;
    }
    Asks.pass(request, passage, session, forwarder, loop, bytes -> deliver(event.withData(bytes)));
  }

  /// How the call ended, and what there is to record about it.
  ///
  /// @param received the answer as the server gave it, or null
  /// @param delivered the answer as the client gets it, or null
  private record Ending(
      Outcome outcome,
      byte @Nullable [] received,
      byte @Nullable [] delivered,
      OptionalInt errorCode,
      List<Finding> findings) {
    static Ending of(Failure failure) {
      return new Ending(failure, null, null, OptionalInt.empty(), List.of());
    }
  }

  private void answered(Judged judged, byte[] received, Consumer<Answer> say) {
    switch (judged) {
      case Judged.Deliver(
              Answer answer,
              boolean isError,
              OptionalInt errorCode,
              List<Finding> findings) -> {
        Outcome outcome =
            clientGone
                ? new Failure.ClientGone("the answer came after the client had left")
                : new Outcome.Completed(isError);
        if (end(new Ending(outcome, received, answer.json(), errorCode, findings), say)
            && outcome instanceof Outcome.Completed) {
          say.accept(answer);
        }
      }
      case Judged.Withhold(Failure failure, List<Finding> findings) ->
          end(new Ending(failure, received, null, OptionalInt.empty(), findings), say);
    }
  }

  /// Ends once: record, metrics, ticket, and for a failure the answer.
  ///
  /// @return whether this call ended it, and the record says so
  private boolean end(Ending asked, Consumer<Answer> say) {
    if (state == State.ENDED) {
      return false;
    }
    boolean parked = state == State.PARKED;
    state = State.ENDED;
    Call call = permit.call();
    ClientSession session = permit.session();
    if (session != null) {
      session.end(call.message().id(), this);
    }
    way.deadlines.remove(loop, this);
    boolean recorded = record(asked);
    // What could not be put on record is not given to the client.
    Ending ending =
        recorded ? asked : Ending.of(new Failure.Internal("recording the outcome failed"));
    upstream.release();
    Ticket ticket = permit.ticket();
    boolean completed = ending.outcome instanceof Outcome.Completed;
    if (ticket != null && completed) {
      ticket.completed();
    } else if (ticket != null) {
      ticket.dropped();
    }
    if (ending.outcome instanceof Failure failure) {
      tell(failure, parked, say);
    }
    if (session != null && call.method() == McpMethod.INITIALIZE && !completed) {
      session.onClosed();
    }
    return recorded;
  }

  /// Whatever goes wrong here, the place the call holds must not be lost with it.
  private boolean record(Ending ending) {
    try {
      putOnRecord(ending);
      return true;
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("call", permit.call().id())
          .log("recording the outcome failed");
      recordBare();
      return false;
    }
  }

  /// Without whatever broke the record: an intent must not stay without an outcome.
  private void recordBare() {
    try {
      noticed.clear();
      putOnRecord(Ending.of(new Failure.Internal("recording the outcome failed")));
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("call", permit.call().id())
          .log("the call has no outcome on record");
    }
  }

  private void putOnRecord(Ending ending) {
    Call call = permit.call();
    long now = way.nanoTime.getAsLong();
    long upstreamNanos = now - startNanos;
    long totalNanos = now - call.startNanos();
    noticed.addAll(ending.findings);
    way.audit.outcome(
        permit,
        ending.outcome,
        ending.received,
        ending.delivered,
        ending.errorCode,
        noticed,
        upstreamNanos,
        totalNanos);
    way.metrics.ended(
        call.upstream(), call.method().wire(), ending.outcome.slug(), upstreamNanos, totalNanos);
  }

  private void tell(Failure failure, boolean parked, Consumer<Answer> say) {
    Call call = permit.call();
    log.atInfo()
        .addKeyValue("call", call.id())
        .addKeyValue("upstream", call.upstream())
        .addKeyValue("outcome", failure.slug())
        .log(permit.rules().redactor().recordText(failure.detail()));
    if (clientGone) {
      return;
    }
    if (!(failure instanceof Failure.ClientGone)) {
      say.accept(withoutSecrets(failure));
    } else if (!parked) {
      reply.close(); // who cancelled expects no answer (basic/utilities/cancellation)
    }
  }

  /// The error in our words, which at times quote what the server said.
  private Answer withoutSecrets(Failure failure) {
    Call call = permit.call();
    Answer answer = Rescue.answer(failure, call.era(), call.message().id(), call.id());
    return Rescue.withoutSecrets(
        answer, permit.rules(), call.era(), call.message().id(), call.id());
  }

  private void deliver(SseEvent event) {
    if (state == State.RUNNING && !clientGone) {
      ClientSession session = permit.session();
      if (session != null && isInitialize()) {
        // A server that talks before its answer: rare, and the client must know whose talk it is.
        reply.openStream(Map.of(McpHeaders.SESSION_ID, session.id()));
      }
      reply.event(event);
    }
  }

  private void dropped(String why) {
    way.metrics.droppedServerMessage(permit.call().upstream());
    log.atWarn()
        .addKeyValue("call", permit.call().id())
        .addKeyValue("upstream", permit.call().upstream())
        .log("dropped a message of the server: " + why);
  }

  private void sign() {
    lastSignNanos = way.nanoTime.getAsLong();
  }

  private void pauseIfNeeded() {
    if (!paused
        && !clientGone
        && state == State.RUNNING
        && (lane.isBusy() || !reply.isWritable())) {
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
    if (!clientGone && state == State.RUNNING && !reply.isWritable()) {
      reply.whenWritable(this::resumeIfPossible);
      return;
    }
    paused = false;
    upstream.resume();
  }
}
