package io.outrider.enforce;

import io.netty.channel.EventLoop;
import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.call.Call;
import io.outrider.call.CallId;
import io.outrider.call.ClientInfo;
import io.outrider.call.Failure;
import io.outrider.call.Principal;
import io.outrider.call.Source;
import io.outrider.enforce.PolicyGate.Judgement;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.Reading;
import io.outrider.limit.Cancellable;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Meta;
import io.outrider.mcp.SseEvent;
import io.outrider.session.ClientSession;
import io.outrider.session.Opened;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks a server for its tools when a call needs the definition of one that no list has shown yet.
///
/// The question is a call like others: in the session or era of the call that needs it, for its
/// principal, on record before it leaves, its answer judged and redacted like any list; only its
/// source is `proxy`, it holds no place, and nobody but [ToolCatalog] hears the answer. One
/// question at a time is under way for a session, or for a principal in the modern era; calls that
/// come meanwhile wait for it too. Whatever becomes of it, the calls go on to the policy, which
/// sees a tool that is still unknown as absent. Thread-safe.
public final class ToolQuestions {

  private static final Logger log = LoggerFactory.getLogger(ToolQuestions.class);

  /// A tool that was in no list may be new, or may be an invention of the client: another question
  /// makes sense after this time at the earliest.
  private static final Duration ASK_AGAIN = Duration.ofSeconds(30);

  /// Ten thousand tools on pages of a hundred; a server that goes on is not listened to any longer.
  private static final int MAX_PAGES = 100;

  /// All pages together: twice what a real list of a thousand tools comes to.
  private static final int MAX_BYTES = 8 << 20;

  private static final Cancellable ANSWERED = () -> false;

  private final ToolCatalog tools;
  private final Transports transports;
  private final WayBack way;
  private final Forwarder forwarder;
  private final Supplier<EventLoop> loops;
  private final InstantSource clock;
  private final Duration patience;

  /// By session, or by [Client] in the modern era. Guarded by itself.
  private final Map<Object, Known> questions = new HashMap<>();

  private record Client(String upstream, Principal.Auth auth, String principal) {}

  /// What was asked for one client.
  private sealed interface Known {}

  /// Over. Holds nothing of the call that caused it: this stays for as long as the session, and a
  /// message may be of megabytes.
  private record Asked(long generation, long nanos) implements Known {}

  private record Waiting(Executor loop, Runnable then) {}

  /// @param loops where questions are asked
  /// @param patience for one question, all pages together
  public ToolQuestions(
      ToolCatalog tools,
      Transports transports,
      WayBack way,
      Forwarder forwarder,
      Supplier<EventLoop> loops,
      InstantSource clock,
      Duration patience) {
    this.tools = tools;
    this.transports = transports;
    this.way = way;
    this.forwarder = forwarder;
    this.loops = loops;
    this.clock = clock;
    this.patience = patience;
  }

  /// Whether a definition that is not known matters to this call: the policy reads it, or headers
  /// must be checked against it or made from it.
  boolean matters(Call call, Rules rules) {
    String name = PolicyGate.toolName(call);
    if (name == null || tools.current(call.upstream(), name) != null) {
      return false;
    }
    if (rules.policy().readsTool()) {
      return true;
    }
    boolean fromPipe = !call.source().transport().equals("http");
    return call.era() == Era.MODERN
        && (fromPipe
            ? transports.of(call.upstream()).equals("http")
            : !call.paramHeaders().isEmpty());
  }

  /// Asks, unless that was done a moment ago, and runs `then`: at once, or later on `loop`.
  ///
  /// @param calledOff runs on `loop` in place of `then` when the call is taken back meanwhile
  Cancellable ask(
      Opened.Request request, Rules rules, Executor loop, Runnable then, Runnable calledOff) {
    Call call = request.call();
    ClientSession session = request.session();
    Object key =
        session != null
            ? session
            : new Client(call.upstream(), call.principal().auth(), call.principal().id());
    AtomicBoolean decided = new AtomicBoolean();
    Waiting waiting =
        new Waiting(
            loop,
            () -> {
              if (decided.compareAndSet(false, true)) {
                then.run();
              }
            });
    Question fresh = null;
    boolean news = false;
    synchronized (questions) {
      switch (questions.get(key)) {
        case Question underWay -> underWay.waiting.add(waiting);
        case Asked last when !isStale(last, call.upstream()) -> decided.set(true);
        case Asked _ -> fresh = new Question(key, call, session, rules);
        case null -> {
          fresh = new Question(key, call, session, rules);
          news = true;
        }
      }
      if (fresh != null) {
        fresh.waiting.add(waiting);
        questions.put(key, fresh);
      }
    }
    if (decided.get()) {
      then.run();
      return ANSWERED;
    }
    if (news && session != null) {
      session.whenClosed(() -> {
        synchronized (questions) {
          questions.remove(key);
        }
      });
    }
    if (fresh != null) {
      fresh.begin();
    }
    return () -> {
      boolean taken = decided.compareAndSet(false, true);
      if (taken) {
        loop.execute(calledOff);
      }
      return taken;
    };
  }

  private boolean isStale(Asked last, String upstream) {
    return last.generation != tools.generation(upstream)
        || way.nanoTime.getAsLong() - last.nanos >= ASK_AGAIN.toNanos();
  }

  /// One list of tools, page by page. Everything but the waiting list is used on its loop.
  private final class Question implements Known {
    private final Object key;
    private final Call cause;
    private final @Nullable ClientSession session;
    private final Rules rules;
    private final EventLoop loop = loops.get();
    private final Asked asked;

    /// Guarded by `questions`.
    private final List<Waiting> waiting = new ArrayList<>();

    private @Nullable Exchange asking;
    private int pages;
    private long bytes;
    private boolean over;

    Question(Object key, Call cause, @Nullable ClientSession session, Rules rules) {
      this.key = key;
      this.cause = cause;
      this.session = session;
      this.rules = rules;
      this.asked = new Asked(tools.generation(cause.upstream()), way.nanoTime.getAsLong());
    }

    void begin() {
      loop.execute(() -> {
        var alarm =
            loop.schedule(
                () -> giveUp("no whole list within " + patience.toMillis() + " ms"),
                patience.toNanos(),
                TimeUnit.NANOSECONDS);
        whenOver = () -> alarm.cancel(false);
        page(null);
      });
    }

    private Runnable whenOver = () -> {};

    private void page(@Nullable String cursor) {
      Instant now = clock.instant();
      CallId id = CallId.at(now.toEpochMilli());
      byte[] message = message(id, cursor);
      if (!(way.reader.read(message) instanceof Reading.Parsed(JsonRpcMessage.Request request))) {
        throw new IllegalStateException("our own question is no request");
      }
      Call call =
          new Call(
              id,
              now,
              way.nanoTime.getAsLong(),
              cause.principal(),
              new ClientInfo("outrider", ""),
              Source.PROXY,
              cause.era(),
              cause.revision(),
              cause.upstream(),
              McpMethod.TOOLS_LIST,
              null,
              null,
              request,
              List.of(),
              cause.session());
      RedactionGate.Cleaned cleaned = new RedactionGate.Cleaned(message, List.of());
      way.audit.intent(
          call,
          rules,
          new Judgement.Passed(null, Duties.NONE, null, 0),
          cleaned,
          0,
          loop,
          new AppendListener() {
            @Override
            public void durable(Receipt receipt) {
              Permit permit =
                  new Permit(
                      call, session, rules, Duties.NONE, cleaned, List.of(), null, receipt.index());
              if (over) {
                Exchange.endUnsent(
                    permit,
                    new Heard(),
                    way,
                    forwarder,
                    loop,
                    new Failure.ClientGone("nobody waits for the list any more"));
                return;
              }
              Exchange started = Exchange.start(permit, new Heard(), way, forwarder, loop);
              asking = over ? null : started;
            }

            @Override
            public void failed(AuditUnavailable reason) {
              giveUp("the audit log cannot take the record: " + reason);
            }
          });
    }

    private byte[] message(CallId id, @Nullable String cursor) {
      ObjectNode message = Json.object();
      message.put("jsonrpc", "2.0").put("id", "outrider-" + id.text());
      message.put("method", McpMethod.TOOLS_LIST.wire());
      ObjectNode params = message.putObject("params");
      if (cursor != null) {
        params.put("cursor", cursor);
      }
      if (cause.era() == Era.MODERN) {
        ObjectNode meta = params.putObject("_meta");
        meta.put(Meta.PROTOCOL_VERSION, cause.revision());
        meta.putObject(Meta.CLIENT_INFO).put("name", "outrider").put("version", "1");
        meta.putObject(Meta.CLIENT_CAPABILITIES);
      }
      return Json.bytes(message);
    }

    /// A long list is read by a worker: a loop has other clients to serve.
    private void answered(byte[] json) {
      pages++;
      bytes += json.length;
      if (json.length <= way.offLoopBytes) {
        read(Json.tree(json).path("result"));
      } else {
        way.workers.execute(() -> {
          JsonNode result = Json.tree(json).path("result");
          loop.execute(() -> read(result));
        });
      }
    }

    private void read(JsonNode result) {
      JsonNode next = result.path("nextCursor");
      if (over) {
        return;
      }
      if (!result.isObject()) {
        giveUp("the server answered with an error");
      } else if (!next.isString()) {
        finish();
      } else if (pages == MAX_PAGES || bytes > MAX_BYTES) {
        giveUp("found more than " + pages + " pages, " + bytes + " bytes (expected: at most that)");
      } else {
        page(next.stringValue());
      }
    }

    private void giveUp(String why) {
      if (over) {
        return;
      }
      log.atWarn()
          .addKeyValue("upstream", cause.upstream())
          .log("asking for the list of tools failed: " + why);
      Exchange running = asking;
      finish();
      if (running != null) {
        running.giveUp("nobody waits for the list any more");
      }
    }

    private void finish() {
      if (over) {
        return;
      }
      over = true;
      asking = null;
      whenOver.run();
      List<Waiting> ready;
      synchronized (questions) {
        ready = List.copyOf(waiting);
        questions.replace(key, this, asked);
      }
      ready.forEach(w -> {
        try {
          w.loop.execute(w.then);
        } catch (RejectedExecutionException loopHasShutDown) {
          // So has everything the call was for.
        }
      });
    }

    /// Hears one page.
    private final class Heard implements ClientReply {
      private boolean done;

      @Override
      public void openStream(Map<String, String> headers) {}

      @Override
      public void event(SseEvent event) {}

      @Override
      public void answer(Answer answer) {
        if (!done && !over) {
          done = true;
          answered(answer.json());
        }
      }

      @Override
      public void answer(Answer answer, SseEvent event) {
        answer(answer);
      }

      @Override
      public void close() {
        if (!done) {
          done = true;
          giveUp("there was no answer");
        }
      }

      @Override
      public boolean isWritable() {
        return true;
      }

      @Override
      public void whenWritable(Runnable task) {}
    }
  }
}
