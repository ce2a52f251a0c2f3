package io.outrider.frontend;

import io.netty.channel.EventLoop;
import io.outrider.call.CallId;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.call.Refusal;
import io.outrider.call.Source;
import io.outrider.enforce.Admission;
import io.outrider.enforce.Answer;
import io.outrider.enforce.AuditTrail;
import io.outrider.enforce.CallPipeline;
import io.outrider.enforce.ClientReply;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.Forwarder;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.Rescue;
import io.outrider.enforce.Rules;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.WayBack;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.session.CallOpener;
import io.outrider.session.ClientSession;
import io.outrider.session.InFlight;
import io.outrider.session.Inbound;
import io.outrider.session.Opened;
import io.outrider.telemetry.CallMetrics;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a client's message through opening, gates and forwarding, whatever the transport it came
/// by. One for a proxy; thread-safe.
public final class Reception {

  private static final Logger log = LoggerFactory.getLogger(Reception.class);

  private final CallOpener opener;
  private final CallPipeline pipeline;
  private final WayBack way;
  private final Forwarder forwarder;
  private final LiveRules rules;
  private final AuditTrail audit;
  private final CallMetrics metrics;
  private final Executor workers;
  private final int offLoopBytes;
  private final AtomicInteger atTheGates = new AtomicInteger();

  /// @param workers where messages larger than `offLoopBytes` are read and judged
  public Reception(
      CallOpener opener,
      CallPipeline pipeline,
      WayBack way,
      Forwarder forwarder,
      LiveRules rules,
      AuditTrail audit,
      CallMetrics metrics,
      Executor workers,
      int offLoopBytes) {
    this.opener = opener;
    this.pipeline = pipeline;
    this.way = way;
    this.forwarder = forwarder;
    this.rules = rules;
    this.audit = audit;
    this.metrics = metrics;
    this.workers = workers;
    this.offLoopBytes = offLoopBytes;
  }

  /// Calls that have been let in and are not yet forwarded or refused. One of these may have its
  /// intent on the disk already, so a proxy that ends must wait for them too.
  public int atTheGates() {
    return atTheGates.get();
  }

  /// Receives one message. Everything said to `reply` is said on `loop`.
  ///
  /// @param onSession hears of the session an `initialize` opens, before its answer
  public Visit receive(
      Inbound in, ClientReply reply, EventLoop loop, Consumer<ClientSession> onSession) {
    Visit visit = new Visit(loop);
    if (in.body().length <= offLoopBytes) {
      handle(opener.open(in), visit, reply, loop, loop, onSession);
    } else {
      workers.execute(() -> {
        Opened opened = opener.open(in);
        handle(opened, visit, reply, loop, workers, onSession);
      });
    }
    return visit;
  }

  /// @param desk where the work is done: the loop itself, or a worker for large messages
  private void handle(
      Opened opened,
      Visit visit,
      ClientReply reply,
      EventLoop loop,
      Executor desk,
      Consumer<ClientSession> onSession) {
    switch (opened) {
      case Opened.Refused refused -> {
        Answer answer = refuse(refused);
        boolean pipe = refused.inbound().headers() == null;
        // A pipe has no status line: there, who sent a notification is told nothing.
        on(loop, () -> reply.answer(pipe && !refused.isAnswerable() ? Answer.ACCEPTED : answer));
      }
      case Opened.Nothing _, Opened.Cancel _ -> on(loop, () -> reply.answer(Answer.ACCEPTED));
      case Opened.Notice notice -> on(loop, () -> notice(notice, reply, loop));
      case Opened.Answer answer ->
          on(
              loop,
              () ->
                  tell(
                      pipeline.admit(answer),
                      answer.message(),
                      answer.session(),
                      answer.source(),
                      reply,
                      loop));
      case Opened.Request request -> {
        on(loop, () -> visit.opened(request.call()));
        atTheGates.incrementAndGet();
        ClientSession session = request.session();
        if (session != null && !opens(request)) {
          // Findable while it waits: a client may take it back, and its session may end.
          session.begin(request.call().message().id(), visit);
        }
        CallPipeline.Waiting waiting =
            pipeline.admit(
                request,
                desk,
                admission ->
                    on(
                        loop,
                        () -> {
                          try {
                            admitted(request, admission, visit, reply, loop, onSession);
                          } finally {
                            atTheGates.decrementAndGet();
                          }
                        }));
        on(loop, () -> visit.waitsFor(waiting));
      }
    }
  }

  private static boolean opens(Opened.Request request) {
    return request.call().method() == McpMethod.INITIALIZE;
  }

  private void admitted(
      Opened.Request request,
      Admission admission,
      Visit visit,
      ClientReply reply,
      EventLoop loop,
      Consumer<ClientSession> onSession) {
    if (request.session() != null) {
      request.session().end(request.call().message().id(), visit);
    }
    switch (admission) {
      case Admission.Granted granted -> {
        Failure unwanted = visit.unwanted();
        if (unwanted != null) {
          visit.over();
          Exchange.endUnsent(granted.permit(), reply, way, forwarder, loop, unwanted);
          return;
        }
        if (request.session() != null && opens(request)) {
          onSession.accept(request.session());
        }
        visit.forwarded(Exchange.start(granted.permit(), reply, way, forwarder, loop));
      }
      case Admission.Refused(Refusal refusal) -> {
        var call = request.call();
        metrics.refused(
            call.upstream(),
            call.method().wire(),
            refusal.slug(),
            System.nanoTime() - call.startNanos());
        logged(refusal, call.upstream(), call.id());
        visit.over();
        if (refusal instanceof Refusal.Abandoned) {
          reply.close(); // nobody is there to read it
        } else {
          reply.answer(
              Rescue.withoutSecrets(
                  Rescue.answer(refusal, call.era(), call.message().id(), call.id()),
                  rules.current(),
                  call.era(),
                  call.message().id(),
                  call.id()));
        }
      }
    }
  }

  private void notice(Opened.Notice notice, ClientReply reply, EventLoop loop) {
    if (notice.message().method().equals("notifications/cancelled")) {
      JsonRpcId id = CallOpener.cancelledId(notice.message());
      switch (id == null ? null : notice.session().inFlight(id)) {
        // Too late, or not its own: ignored (basic/utilities/cancellation).
        case null -> {
          reply.answer(Answer.ACCEPTED);
          return;
        }
        case Visit waiting -> {
          takeBack(waiting, notice, reply, loop);
          return;
        }
        case InFlight running -> running.cancelled();
      }
    }
    tell(pipeline.admit(notice), notice.message(), notice.session(), notice.source(), reply, loop);
  }

  /// A request that has not left is called off here, and the upstream hears nothing of either.
  private void takeBack(Visit waiting, Opened.Notice notice, ClientReply reply, EventLoop loop) {
    on(
        waiting.loop(),
        () -> {
          boolean takenBack = waiting.takenBack();
          on(
              loop,
              () -> {
                if (takenBack) {
                  reply.answer(Answer.ACCEPTED);
                } else {
                  notice(notice, reply, loop); // it has gone on meanwhile
                }
              });
        });
  }

  private void tell(
      CallPipeline.NoticeAdmission admission,
      JsonRpcMessage message,
      ClientSession session,
      Source source,
      ClientReply reply,
      EventLoop loop) {
    switch (admission) {
      case CallPipeline.NoticeAdmission.Granted(var permit) ->
          forwarder.tell(
              permit,
              loop,
              failure -> {
                if (failure == null) {
                  reply.answer(Answer.ACCEPTED);
                } else {
                  logged(failure, permit.session().upstream(), null);
                  reply.answer(
                      Rescue.answer(
                          failure, Era.LEGACY, null, CallId.at(System.currentTimeMillis())));
                }
              });
      case CallPipeline.NoticeAdmission.Refused(Refusal refusal) -> {
        String method = message instanceof JsonRpcMessage.Notification n ? n.method() : null;
        Inbound in =
            new Inbound(
                session.upstream(), session.principal(), source, message.bytes(), null, session);
        reply.answer(refuse(new Opened.Refused(refusal, Era.LEGACY, null, method, in)));
      }
    }
  }

  /// Records that a message was turned away before it was a call, and words the answer.
  public Answer refuse(Opened.Refused refused) {
    Rules judged = rules.current();
    CallId id = audit.refusal(refused, judged);
    metrics.refused(refused.inbound().upstream(), "-", refused.refusal().slug(), 0);
    logged(refused.refusal(), refused.inbound().upstream(), id);
    return Rescue.withoutSecrets(
        Rescue.answer(refused.refusal(), refused.era(), refused.id(), id),
        judged,
        refused.era(),
        refused.id(),
        id);
  }

  /// Attaches the stream on which a legacy server speaks unasked.
  public ServerStream listen(
      ClientSession session, @Nullable String lastEventId, ClientReply reply, EventLoop loop) {
    ServerStream stream = new ServerStream(session, reply, rules, way, forwarder, loop);
    stream.start(lastEventId);
    return stream;
  }

  /// Ends a session because its client says so.
  public void end(ClientSession session, ClientReply reply, EventLoop loop) {
    forwarder.close(
        session,
        loop,
        status -> {
          if (status != 405) {
            session.onClosed();
          }
          reply.answer(new Answer(status, new byte[0], Map.of()));
        });
  }

  private static void on(EventLoop loop, Runnable task) {
    if (loop.inEventLoop()) {
      task.run();
    } else {
      loop.execute(task);
    }
  }

  private static void logged(Outcome outcome, String upstream, @Nullable CallId call) {
    log.atInfo()
        .addKeyValue("upstream", upstream)
        .addKeyValue("call", call == null ? "-" : call.text())
        .addKeyValue("outcome", outcome.slug())
        .log(Rescue.describe(outcome));
  }
}
