package io.outrider.upstream.stdio;

import io.netty.channel.EventLoop;
import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.NoticePermit;
import io.outrider.enforce.Permit;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.UpstreamCall;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Revision;
import io.outrider.session.ClientSession;
import io.outrider.settings.UpstreamSettings;
import io.outrider.upstream.EraProbe;
import io.outrider.upstream.Upstream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An upstream started here that speaks on stdin and stdout. Thread-safe.
///
/// A legacy server is one conversation, so each client session has a process of its own. A modern
/// one keeps no state between requests; each principal has a process of its own all the same,
/// because the process may, unless the upstream is configured as shared.
public final class StdioUpstream implements Upstream {

  /// Processes of one upstream at a time. A client that opens sessions in a loop must not fill the
  /// machine with servers.
  static final int MAX_PROCESSES = 64;

  private final UpstreamSettings settings;
  private final UpstreamSettings.Stdio target;
  private final Parts parts;
  private final EraProbe era;
  private final Map<ClientSession, LegacyPipe> sessions = new ConcurrentHashMap<>();
  private final Map<String, ModernPipe> modern = new ConcurrentHashMap<>();
  private final Map<String, Restart> restarts = new ConcurrentHashMap<>();
  private volatile @Nullable ModernPipe spare;

  /// What all stdio upstreams of a proxy share.
  ///
  /// @param reader reads what servers say
  /// @param maxMessage bytes of one line
  /// @param firstAnswer how long a started server may take to answer a probe
  public record Parts(
      MessageReader reader,
      int maxMessage,
      Duration firstAnswer,
      LongSupplier nanoTime,
      RandomGenerator random) {}

  public StdioUpstream(UpstreamSettings settings, UpstreamSettings.Stdio target, Parts parts) {
    this.settings = settings;
    this.target = target;
    this.parts = parts;
    this.era = new EraProbe(settings.era(), parts.nanoTime(), this::probe);
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
    if (processes() >= MAX_PROCESSES) {
      exchange.failed(
          new Failure.UpstreamUnreachable(
              "found "
                  + MAX_PROCESSES
                  + " processes of upstream '"
                  + settings.id()
                  + "' under way (expected: fewer)"));
      return null;
    }
    LegacyPipe pipe = new LegacyPipe(settings.id(), session, parts.reader());
    sessions.put(session, pipe);
    pipe.start(spec());
    session.whenClosed(() -> {
      sessions.remove(session);
      pipe.close();
    });
    return pipe;
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
              ModernPipe pipe = modernPipe(permit.call(), exchange);
              if (pipe != null) {
                deferred.call = pipe.send(permit, exchange);
              }
            }
          }
        });
    return deferred;
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
    String key =
        target.shared() ? "" : call.principal().auth().slug() + ":" + call.principal().id();
    ModernPipe running = modern.get(key);
    if (running != null && running.isOpen()) {
      return running;
    }
    synchronized (modern) {
      ModernPipe again = modern.get(key);
      if (again != null && again.isOpen()) {
        return again;
      }
      ModernPipe first = spare;
      if (first != null && first.isOpen()) {
        spare = null;
        modern.put(key, first);
        return first;
      }
      Restart restart =
          restarts.computeIfAbsent(
              key, k -> new Restart(Restart.Backoff.defaults(), parts.nanoTime(), parts.random()));
      if (processes() >= MAX_PROCESSES || !restart.tryStart()) {
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
                    : "found "
                        + MAX_PROCESSES
                        + " processes of upstream '"
                        + settings.id()
                        + "' under way (expected: fewer)"));
        return null;
      }
      ModernPipe fresh =
          new ModernPipe(
              settings.id(),
              parts.reader(),
              how -> {
                restart.exited(how);
              });
      modern.put(key, fresh);
      fresh.start(spec());
      return fresh;
    }
  }

  private int processes() {
    return sessions.size() + (int) modern.values().stream().filter(ModernPipe::isOpen).count();
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
    ModernPipe asked = new ModernPipe(settings.id(), parts.reader(), how -> {});
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
    asked.start(spec());
    asked.sendProbe();
  }

  @Override
  public void close() {
    sessions.values().forEach(LegacyPipe::close);
    modern.values().forEach(ModernPipe::close);
    ModernPipe unused = spare;
    if (unused != null) {
      unused.close();
    }
  }
}
