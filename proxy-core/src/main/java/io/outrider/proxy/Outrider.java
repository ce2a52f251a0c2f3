package io.outrider.proxy;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslContext;
import io.outrider.audit.AuditLog;
import io.outrider.audit.Health;
import io.outrider.call.Principal;
import io.outrider.enforce.AuditTrail;
import io.outrider.enforce.CallPipeline;
import io.outrider.enforce.LimitGate;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.ToolCatalog;
import io.outrider.enforce.ToolQuestions;
import io.outrider.enforce.WayBack;
import io.outrider.frontend.Reception;
import io.outrider.frontend.http.HttpFront;
import io.outrider.frontend.stdio.StdioFront;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.limit.LimitConfig;
import io.outrider.limit.Limiter;
import io.outrider.session.CallOpener;
import io.outrider.session.SessionStore;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import io.outrider.telemetry.CallMetrics;
import io.outrider.upstream.UpstreamRouter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One running proxy.
public final class Outrider implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Outrider.class);

  /// What servers send nests deeper than what clients do: schemas inside lists of tools.
  private static final int MIN_SERVER_DEPTH = 128;

  /// How often silent sessions are looked for.
  private static final Duration SWEEP = Duration.ofSeconds(30);

  /// For a server's whole list of tools when a call needs one of them: a client waits for its call
  /// meanwhile. `timeouts.connect` may make it shorter.
  private static final Duration LIST_PATIENCE = Duration.ofSeconds(5);

  /// For calls that were told of the end to be recorded: a few turns of an event loop.
  private static final Duration LAST_WORDS = Duration.ofSeconds(1);

  private final Settings settings;
  private final AuditLog audit;
  private final NettyRuntime netty;
  private final UpstreamRouter upstreams;
  private final SessionStore sessions;
  private final Limiter limiter;
  private final WayBack way;
  private final CallOpener opener;
  private final Reception reception;
  private final ExecutorService workers;
  private final AtomicBoolean draining = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();

  private @Nullable HttpFront front;
  private @Nullable Channel listener;

  /// Loads what every start needs, whatever its settings: the native transport, JSON. Not needed; a
  /// start is shorter for it when another thread calls this while settings and rules are read.
  public static void preload() {
    Json.object();
    NettyRuntime.preload();
  }

  private Outrider(OutriderParts parts) throws IOException {
    settings = parts.settings();
    audit = parts.audit();
    netty = NettyRuntime.start();
    workers =
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("outrider-worker-", 0).factory());
    MessageReader serverReader =
        new MessageReader(Math.max(MIN_SERVER_DEPTH, settings.sizes().maxDepth()));
    LiveRules rules = parts.rules();
    upstreams =
        Upstreams.create(
            settings, netty, serverReader, () -> rules.current().redactor(), parts.nanoTime());
    sessions = new SessionStore(parts.nanoTime(), settings.timeouts().session());
    limiter = new Limiter(LimitConfig.of(settings.limits()), parts.nanoTime(), netty::schedule);
    CallMetrics metrics = new CallMetrics(parts.meters());
    Gauges.register(parts.meters(), limiter, sessions);
    ToolCatalog tools = new ToolCatalog();
    AuditTrail trail = new AuditTrail(audit, tools, metrics, parts.clock());
    opener =
        new CallOpener(
            new MessageReader(settings.sizes().maxDepth()),
            sessions,
            parts.clock(),
            parts.nanoTime());
    way =
        new WayBack(
            serverReader,
            tools,
            upstreams::transport,
            sessions,
            trail,
            rules,
            metrics,
            parts.clock(),
            parts.nanoTime(),
            workers,
            settings.sizes().offLoop(),
            settings.timeouts().idle(),
            settings.timeouts().absolute());
    CallPipeline pipeline =
        new CallPipeline(
            rules,
            tools,
            new ToolQuestions(
                tools,
                upstreams::transport,
                way,
                upstreams,
                netty.loops()::next,
                parts.clock(),
                LIST_PATIENCE.compareTo(settings.timeouts().connect()) < 0
                    ? LIST_PATIENCE
                    : settings.timeouts().connect()),
            upstreams::transport,
            new LimitGate(limiter),
            trail,
            draining::get,
            settings.audit().onFailure() == AuditSettings.OnFailure.CONTINUE);
    reception =
        new Reception(
            opener,
            pipeline,
            way,
            upstreams,
            rules,
            trail,
            metrics,
            workers,
            settings.sizes().offLoop());
    netty.every(
        SWEEP,
        () ->
            sessions
                .expire()
                .forEach(s ->
                    log.atInfo()
                        .addKeyValue("upstream", s.upstream())
                        .log("a session ended after long silence")));
  }

  /// Listens for clients over HTTP.
  ///
  /// @throws IOException if the address cannot be bound or a TLS file cannot be read
  public static Outrider start(OutriderParts parts) throws IOException {
    Outrider outrider = new Outrider(parts);
    try {
      SslContext tls = Tls.server(parts.settings().listen());
      outrider.front = new HttpFront(parts.settings(), outrider.reception, outrider.sessions);
      outrider.listener =
          outrider.front.bind(outrider.netty.loops(), outrider.netty.serverChannel(), tls);
      return outrider;
    } catch (IOException | RuntimeException e) {
      outrider.close();
      throw e;
    }
  }

  /// Is an MCP server on a pair of streams, in front of the first configured upstream.
  ///
  /// @param ended receives the stage that completes when the client is gone
  public static Outrider stdio(
      OutriderParts parts, InputStream in, OutputStream out, Consumer<CompletionStage<Void>> ended)
      throws IOException {
    Outrider outrider = new Outrider(parts);
    try {
      Principal user = Principal.localUser(System.getProperty("user.name", "local"));
      StdioFront stdio =
          new StdioFront(
              outrider.reception,
              outrider.opener,
              parts.settings().upstreams().getFirst().id(),
              user,
              outrider.netty.loops().next(),
              in,
              out,
              parts.settings().sizes().maxBody());
      ended.accept(stdio.start());
      return outrider;
    } catch (RuntimeException e) {
      outrider.close();
      throw e;
    }
  }

  /// Where it listens, with the port that was taken; null over stdio.
  public @Nullable InetSocketAddress address() {
    return listener == null ? null : (InetSocketAddress) listener.localAddress();
  }

  /// Why this proxy should get no calls now; empty when it may.
  public List<String> notReady() {
    List<String> reasons = new ArrayList<>();
    if (draining.get()) {
      reasons.add("shutting down");
    }
    Health log = audit.health();
    if (log.state() == Health.State.FAILED) {
      reasons.add("audit log: " + log.reason());
    }
    return reasons;
  }

  /// Calls under way.
  public int running() {
    // In this order: a call leaves the gates only after its exchange has begun.
    return reception.atTheGates() + way.running();
  }

  /// Puts other limits and other credentials of upstreams in force; calls under way keep their
  /// places and what they began with. Whatever else differs is left as it is.
  public void reconfigure(Settings changed) {
    limiter.reconfigure(LimitConfig.of(changed.limits()));
    for (UpstreamSettings upstream : changed.upstreams()) {
      if (settings.upstreams().stream().anyMatch(ours -> ours.id().equals(upstream.id()))) {
        upstreams.credentials(upstream);
      }
    }
  }

  /// Takes no new calls and waits for those under way.
  ///
  /// @return whether all ended in time
  public boolean drain(Duration patience) {
    draining.set(true);
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    return netty.await(() -> running() == 0, patience);
  }

  /// Ends everything at once. Idempotent.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    draining.set(true);
    if (listener != null) {
      listener.close().awaitUninterruptibly();
    }
    sessions.closeAll();
    if (front != null) {
      front.closeConnections();
    }
    upstreams.close();
    // Each of those under way has just been told, and its end belongs on record.
    if (!netty.await(() -> running() == 0, LAST_WORDS)) {
      log.atWarn().addKeyValue("running", running()).log("calls were cut off without an outcome");
    }
    netty.close();
    workers.close();
  }
}
