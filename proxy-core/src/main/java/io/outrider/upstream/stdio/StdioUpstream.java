package io.outrider.upstream.stdio;

import io.netty.channel.EventLoop;
import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.call.Principal;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.NoticePermit;
import io.outrider.enforce.Permit;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.UpstreamCall;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Revision;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.StreamRedactor;
import io.outrider.session.ClientSession;
import io.outrider.settings.UpstreamSettings;
import io.outrider.upstream.EraProbe;
import io.outrider.upstream.Upstream;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An upstream started here that speaks on stdin and stdout. Thread-safe.
///
/// A legacy server is one conversation, so each client session has a process of its own. A modern
/// one keeps no state between requests; each principal has a process of its own all the same,
/// because the process may, unless the upstream is configured as shared; it is ended when it had no
/// call for long.
public final class StdioUpstream implements Upstream {

  private static final Logger log = LoggerFactory.getLogger(StdioUpstream.class);

  /// Processes of one upstream at a time. A client that opens sessions in a loop must not fill the
  /// machine with servers.
  static final int MAX_PROCESSES = 64;

  private final UpstreamSettings settings;
  private final Parts parts;
  private final EraProbe era;
  private final Map<ClientSession, LegacyPipe> sessions = new ConcurrentHashMap<>();
  private final Map<String, ModernPipe> modern = new ConcurrentHashMap<>();
  private final Map<String, Restart> restarts = new ConcurrentHashMap<>();

  /// Every process that has not ended.
  private final Set<Pipe> live = ConcurrentHashMap.newKeySet();

  private volatile UpstreamSettings.Stdio target;
  private volatile @Nullable ModernPipe spare;
  private volatile boolean closed;

  /// What all stdio upstreams of a proxy share.
  ///
  /// @param reader reads what servers say
  /// @param maxMessage bytes of one line
  /// @param firstAnswer how long a started server may take to answer a probe
  /// @param redactor gives the one in force, for what servers write to stderr
  public record Parts(
      MessageReader reader,
      int maxMessage,
      Duration firstAnswer,
      Supplier<Redactor> redactor,
      LongSupplier nanoTime,
      RandomGenerator random) {}

  public StdioUpstream(UpstreamSettings settings, UpstreamSettings.Stdio target, Parts parts) {
    this.settings = settings;
    this.target = target;
    this.parts = parts;
    this.era = new EraProbe(settings.id(), settings.era(), parts.nanoTime(), this::probe);
  }

  @Override
  public String transport() {
    return "stdio";
  }

  private ChildSpec spec() {
    Map<String, String> env =
        target.env().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().reveal()));
    return new ChildSpec(
        settings.id(),
        target.command(),
        env,
        target.cwd(),
        parts.maxMessage(),
        ChildSpec.DEFAULT_MAX_QUEUED,
        ChildSpec.DEFAULT_GRACE,
        ChildSpec.DEFAULT_GRACE);
  }

  // --- requests

  @Override
  public UpstreamCall forward(Permit permit, Exchange exchange) {
    return permit.call().era() == Era.LEGACY
        ? forwardLegacy(permit, exchange)
        : forwardModern(permit, exchange);
  }

  private UpstreamCall forwardLegacy(Permit permit, Exchange exchange) {
    ClientSession session = permit.session();
    if (session == null || settings.era() == UpstreamSettings.Era.MODERN) {
      exchange.failed(otherEra(permit.call()));
      return UpstreamCall.NONE;
    }
    LegacyPipe pipe =
        permit.call().method() == McpMethod.INITIALIZE
            ? startSession(session, exchange)
            : sessions.get(session);
    if (pipe == null) {
      exchange.failed(new Failure.UpstreamSessionLost("the server of this session has ended"));
      return UpstreamCall.NONE;
    }
    return pipe.send(permit, exchange);
  }

  private @Nullable LegacyPipe startSession(ClientSession session, Exchange exchange) {
    Restart.Run run = mayStart(owner(session.principal()), exchange);
    if (run == null) {
      return null;
    }
    LegacyPipe pipe = new LegacyPipe(settings.id(), session, parts.reader(), run);
    sessions.put(session, pipe);
    start(pipe);
    session.whenClosed(() -> {
      sessions.remove(session);
      pipe.close();
    });
    return pipe;
  }

  // --- starting and ending processes

  private static String owner(Principal principal) {
    return principal.auth().slug() + ":" + principal.id();
  }

  /// Leave to start a process, or null after the exchange was told why not.
  private Restart.@Nullable Run mayStart(String owner, Exchange exchange) {
    if (live.size() >= MAX_PROCESSES) {
      exchange.failed(
          new Failure.UpstreamUnreachable(
              "upstream '"
                  + settings.id()
                  + "' has "
                  + live.size()
                  + " processes, the most it may have (each client has one of its own); end a session, or try again when one has ended"));
      return null;
    }
    Restart restart =
        restarts.computeIfAbsent(
            owner, k -> new Restart(Restart.Backoff.defaults(), parts.nanoTime(), parts.random()));
    Restart.Run run = restart.tryStart();
    if (run == null) {
      exchange.failed(
          new Failure.UpstreamUnreachable(
              restart.state() instanceof Restart.State.Down down
                  ? "upstream '"
                      + settings.id()
                      + "' is down after "
                      + down.failures()
                      + " ends in a row ("
                      + down.reason()
                      + "); next start in "
                      + Math.max(1, down.retryIn().toSeconds())
                      + " s"
                  : "upstream '" + settings.id() + "' was down a moment ago; try again"));
    }
    return run;
  }

  private void start(Pipe pipe) {
    live.add(pipe);
    pipe.start(spec(), StreamRedactor.forRecords(parts.redactor()));
    var unused = pipe.gone().thenRun(() -> live.remove(pipe));
    if (closed) {
      pipe.close(); // whoever closed this upstream may not have seen it
    }
  }

  /// Ends the processes of the modern era that had no call for long. Call it now and then.
  public void endIdle() {
    long idle = target.idle().toNanos();
    for (Pipe pipe : live) {
      if (pipe instanceof ModernPipe modernPipe && modernPipe.retireIfIdle(idle)) {
        log.atInfo()
            .addKeyValue("upstream", settings.id())
            .log("ending a process that was idle for " + target.idle());
        modernPipe.close();
      }
    }
  }

  /// How many processes there are, those that are ending included.
  public int processes() {
    return live.size();
  }

  private UpstreamCall forwardModern(Permit permit, Exchange exchange) {
    Deferred deferred = new Deferred();
    era.whenKnown(
        exchange.loop(),
        verdict -> {
          if (deferred.cancelled) {
            return;
          }
          switch (verdict) {
            case EraProbe.Verdict.Legacy _ -> exchange.failed(otherEra(permit.call()));
            case EraProbe.Verdict.Unknown(String why) ->
                exchange.failed(new Failure.UpstreamUnreachable(why));
            case EraProbe.Verdict.Modern _ -> {
              UpstreamCall call = sendModern(permit, exchange);
              if (call != null) {
                deferred.call = call;
              }
            }
          }
        });
    return deferred;
  }

  private @Nullable UpstreamCall sendModern(Permit permit, Exchange exchange) {
    while (true) {
      ModernPipe pipe = modernPipe(permit.call(), exchange);
      if (pipe == null) {
        return null;
      }
      UpstreamCall call = pipe.send(permit, exchange);
      if (call != null) {
        return call;
      }
      // It was idle so long that it is being ended at this very moment: another takes its place.
    }
  }

  /// A call that waits for the era to be known.
  private static final class Deferred implements UpstreamCall {
    private UpstreamCall call = UpstreamCall.NONE;
    private boolean cancelled;

    @Override
    public void cancel() {
      cancelled = true;
      call.cancel();
    }

    @Override
    public void release() {
      cancelled = true;
      call.release();
    }

    @Override
    public void pause() {
      call.pause();
    }

    @Override
    public void resume() {
      call.resume();
    }
  }

  private @Nullable ModernPipe modernPipe(Call call, Exchange exchange) {
    String owner = target.shared() ? "" : owner(call.principal());
    ModernPipe running = modern.get(owner);
    if (running != null && running.isUsable()) {
      return running;
    }
    synchronized (modern) {
      ModernPipe again = modern.get(owner);
      if (again != null && again.isUsable()) {
        return again;
      }
      ModernPipe first = spare;
      spare = null;
      if (first != null && first.isUsable()) {
        modern.put(owner, first);
        return first;
      }
      Restart.Run run = mayStart(owner, exchange);
      if (run == null) {
        return null;
      }
      ModernPipe fresh = new ModernPipe(settings.id(), parts.reader(), parts.nanoTime(), run);
      modern.put(owner, fresh);
      start(fresh);
      return fresh;
    }
  }

  private Failure otherEra(Call call) {
    Era spoken = call.era() == Era.MODERN ? Era.LEGACY : Era.MODERN;
    return new Failure.UpstreamOtherEra(
        call.revision(),
        Revision.texts(spoken),
        "upstream '"
            + settings.id()
            + "' speaks only the "
            + spoken.slug()
            + " era, and eras are not bridged yet");
  }

  // --- notifications, the stream of a session, its end

  @Override
  public void tell(NoticePermit permit, EventLoop loop, Consumer<@Nullable Failure> then) {
    LegacyPipe pipe = sessions.get(permit.session());
    then.accept(
        pipe != null && pipe.tell(permit.bytes())
            ? null
            : new Failure.UpstreamSessionLost(
                "the server of this session has ended or does not read"));
  }

  @Override
  public UpstreamCall listen(
      ClientSession session, @Nullable String lastEventId, ServerStream stream) {
    LegacyPipe pipe = sessions.get(session);
    if (pipe == null || lastEventId != null) {
      stream.refused(pipe == null ? 404 : 405); // a pipe has no events to resume from
      return UpstreamCall.NONE;
    }
    return pipe.attach(stream);
  }

  @Override
  public void close(ClientSession session, EventLoop loop, Consumer<Integer> then) {
    then.accept(200); // the process ends with the session
  }

  // --- which era

  /// Asks a process of its own, because some old servers end at the first message that is not
  /// `initialize`. One that answers as a modern server is kept for the first call.
  private void probe(EventLoop loop, Consumer<EraProbe.Verdict> then) {
    // What becomes of it says nothing about how often the server may be started for calls.
    Restart.Run run =
        Objects.requireNonNull(
            new Restart(Restart.Backoff.defaults(), parts.nanoTime(), parts.random()).tryStart());
    ModernPipe asked = new ModernPipe(settings.id(), parts.reader(), parts.nanoTime(), run);
    var timeout =
        loop.schedule(
            () -> asked.probeTimedOut(), parts.firstAnswer().toMillis(), TimeUnit.MILLISECONDS);
    asked.probe(
        loop,
        verdict -> {
          timeout.cancel(false);
          if (verdict instanceof EraProbe.Verdict.Modern) {
            spare = asked;
          } else {
            asked.close();
          }
          then.accept(verdict);
        });
    start(asked);
    asked.sendProbe();
  }

  @Override
  public void credentials(UpstreamSettings changed) {
    if (changed.target() instanceof UpstreamSettings.Stdio stdio) {
      target = stdio; // for processes that start from now on
    }
  }

  @Override
  public void close() {
    closed = true;
    live.forEach(Pipe::close);
  }
}
