package io.outrider.app.serve;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.outrider.app.console.Console;
import io.outrider.app.console.NotRecordedException;
import io.outrider.app.log.LogRedaction;
import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditException;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Durability;
import io.outrider.audit.Health;
import io.outrider.audit.Receipt;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.Event;
import io.outrider.enforce.LiveRules;
import io.outrider.enforce.Rules;
import io.outrider.policy.PolicySet;
import io.outrider.policy.builtin.Builtins;
import io.outrider.proxy.Outrider;
import io.outrider.proxy.OutriderParts;
import io.outrider.settings.AdminSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A whole Outrider: audit log, proxy, admin port and file watch, started in the order in which
/// each needs the others, and ended in the reverse. Thread-safe.
public final class Service implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Service.class);

  /// A log that can be written answers in milliseconds; one that cannot, within a tenth of a
  /// second.
  private static final Duration READ_PATIENCE = Duration.ofSeconds(5);

  /// After the start, when what may be wrong with policies that compile is looked for.
  private static final Duration DOUBTS = Duration.ofSeconds(1);

  private final Settings settings;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /// What may be told of the words of others.
  private final UnaryOperator<String> telling;

  private final AuditLog audit;
  private final Exports exports;
  private final Anchors anchors;
  private final Outrider proxy;
  private final CompletionStage<Void> clientGone;
  private final Reloader reloader;
  private final ScheduledExecutorService watcher =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("outrider-watch").factory());
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable AdminServer admin;

  /// How clients reach the proxy.
  private sealed interface Front {
    record Http() implements Front {}

    record Streams(InputStream in, OutputStream out) implements Front {}
  }

  private Service(Configuration configuration, Front front) throws Unusable {
    settings = configuration.settings();
    // The log is recovered while this thread makes the rules: neither needs the other, and together
    // they are most of the time to the first answer.
    Background<AuditLog.Recovered> recovering =
        Background.start("recovery", () -> recover(settings.audit()));
    Reloader.Watches watches = Reloader.Watches.of(configuration);
    RulesLoader.Loaded loaded;
    try {
      loaded = RulesLoader.load(settings, configuration.digest());
    } catch (Unusable e) {
      throw new Unusable(reasons(e, recovering, configuration));
    }
    Rules rules = loaded.rules();
    LiveRules live = new LiveRules(rules);
    telling = words -> live.current().redactor().recordText(words);
    LogRedaction.use(telling);
    // What to end again, last first, should the rest not come up.
    Deque<Runnable> opened = new ArrayDeque<>();
    try {
      audit =
          started(
              recovering.result(),
              loaded.digests(configuration.digest()),
              rules.policy().content());
      opened.push(audit::close);
      exports = Exports.start(settings.audit(), this::missed, telling);
      opened.push(exports::close);
      anchors = Anchors.start(settings.audit(), audit, facts -> record(Event.Kind.ANCHOR, facts));
      opened.push(anchors::close);
      CompletableFuture<CompletionStage<Void>> gone = new CompletableFuture<>();
      OutriderParts parts = OutriderParts.of(settings, live, audit, meters);
      proxy =
          switch (front) {
            case Front.Http ignored -> Outrider.start(parts);
            case Front.Streams streams ->
                Outrider.stdio(parts, streams.in(), streams.out(), gone::complete);
          };
      opened.push(proxy::close);
      clientGone = gone.thenCompose(stage -> stage);
      reloader = new Reloader(configuration, watches, live, proxy::reconfigure, new Ledger());
      meter();
      admin =
          settings.admin() == null
              ? null
              : AdminServer.start(
                  settings.admin(), this::readiness, meters::scrape, console(settings.admin()));
    } catch (IOException e) {
      opened.forEach(Runnable::run);
      throw new Unusable(List.of(Messages.of(e)));
    } catch (Unusable | RuntimeException e) {
      opened.forEach(Runnable::run);
      throw e;
    }
    long pace = FileWatch.PACE.toMillis();
    watcher.scheduleWithFixedDelay(this::look, pace, pace, TimeUnit.MILLISECONDS);
    announce(rules);
    // Later: whoever waits for the first answer needs the processor.
    watcher.schedule(
        () -> loaded.doubts().get().forEach(log::warn), DOUBTS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Begins to load, on another thread, what every start needs whatever its settings: the built-in
  /// functions of policies, JSON, the native transport. Not needed; starts are shorter for it.
  public static void preload() {
    Background.start(
        "preload",
        () -> {
          Builtins.standard();
          Outrider.preload();
          return true;
        });
  }

  /// Serves clients over HTTP until closed.
  ///
  /// @throws Unusable if something the settings name cannot be used; nothing is left running
  public static Service start(Configuration configuration) throws Unusable {
    return new Service(configuration, new Front.Http());
  }

  /// Serves one client on a pair of streams until it is gone or this is closed.
  ///
  /// @throws Unusable if something the settings name cannot be used; nothing is left running
  public static Service stdio(Configuration configuration, InputStream in, OutputStream out)
      throws Unusable {
    return new Service(configuration, new Front.Streams(in, out));
  }

  /// Where clients connect; null over stdio.
  public @Nullable InetSocketAddress address() {
    return proxy.address();
  }

  /// Where health and metrics are served; null for nowhere.
  public @Nullable InetSocketAddress adminAddress() {
    return admin == null ? null : admin.address();
  }

  /// The key that checks the audit log.
  public VerifierKey auditKey() {
    return audit.publicKey();
  }

  /// Completes when the one client of [#stdio] is gone; never over HTTP.
  public CompletionStage<Void> clientGone() {
    return clientGone;
  }

  /// How it is now.
  public Readiness readiness() {
    List<String> degraded = new ArrayList<>(reloader.degraded());
    Health health = audit.health();
    if (health.state() == Health.State.DEGRADED) {
      degraded.add("audit log: " + health.reason());
    }
    degraded.addAll(exports.degraded());
    degraded.addAll(anchors.degraded());
    // They quote receivers and witnesses at times.
    return new Readiness(proxy.notReady(), degraded.stream().map(telling).toList());
  }

  /// Takes no new calls, waits for those under way as long as the settings say, then closes.
  /// Idempotent.
  public void shutdown() {
    if (!ended.get()) {
      log.atInfo().addKeyValue("running", proxy.running()).log("shutting down");
      if (!proxy.drain(settings.timeouts().drain())) {
        log.atWarn()
            .addKeyValue("running", proxy.running())
            .log("calls were cut off at the end of the drain time");
      }
    }
    close();
  }

  /// Ends at once. Idempotent. The audit log is closed after the proxy, so that it holds how every
  /// call ended; its receivers after it, so that they may get that too.
  @Override
  public void close() {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    watcher.shutdownNow();
    proxy.close();
    audit.close();
    exports.close();
    anchors.close();
    if (admin != null) {
      admin.close();
    }
    log.atInfo().log("stopped");
  }

  private AdminServer.Part console(AdminSettings admin) {
    if (!admin.console().enabled()) {
      return AdminServer.Part.NONE;
    }
    return (server, loopback) ->
        Console.on(
            server,
            new Console.Setup(
                settings.audit().directory(),
                audit.publicKey(),
                false,
                loopback,
                admin.console().tokens(),
                "(not authenticated)",
                this::recordRead,
                Product.version(),
                InstantSource.system()));
  }

  private static AuditLog.Recovered recover(AuditSettings settings) throws Unusable {
    try {
      return AuditLog.recover(
          AuditOptions.in(settings.directory())
              .withRetention(settings.retention())
              .withUnsent(() -> Exports.unsent(settings))
              .withDurability(
                  switch (settings.durability()) {
                    case GROUP -> Durability.GROUP;
                    case ASYNC -> Durability.ASYNC;
                  }));
    } catch (AuditException e) {
      throw new Unusable(List.of(String.valueOf(e.getMessage())));
    }
  }

  private static AuditLog started(
      AuditLog.Recovered recovered, Map<String, String> fields, byte[] policy) throws Unusable {
    try {
      return recovered.start(fields, policy);
    } catch (AuditException e) {
      throw new Unusable(List.of(String.valueOf(e.getMessage())));
    }
  }

  /// Why there will be no service: its rules, and the log too if that cannot be used. If it can, it
  /// says that somebody tried.
  private static List<String> reasons(
      Unusable rules, Background<AuditLog.Recovered> recovering, Configuration configuration) {
    List<String> reasons = new ArrayList<>(rules.reasons());
    try {
      started(
              recovering.result(),
              Map.of(
                  "config_digest", configuration.digest(), "not_started", "the rules are unusable"),
              new byte[0])
          .close();
    } catch (Unusable log) {
      reasons.addAll(log.reasons());
    }
    return reasons;
  }

  private void look() {
    try {
      reloader.look();
    } catch (RuntimeException e) {
      // A scheduled task that throws is never run again.
      log.atError().setCause(e).log("looking for changed files failed");
    }
  }

  /// Puts changes of the rules into the audit log.
  private final class Ledger implements Reloader.Ledger {
    @Override
    public void keep(PolicySet policy) throws IOException {
      audit.keepPolicy(policy.content());
    }

    @Override
    public void record(Event.Kind kind, Map<String, String> fields) {
      Service.this.record(kind, fields);
    }
  }

  private void missed(String sink, long from, long to, String why) {
    record(
        Event.Kind.ALARM,
        Map.of(
            "alarm",
            "export_missed",
            "sink",
            sink,
            "from",
            Long.toString(from),
            "to",
            Long.toString(to),
            "why",
            why));
  }

  private void record(Event.Kind kind, Map<String, String> fields) {
    audit.append(
        new Event(kind, Instant.now(), fields),
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {}

          @Override
          public void failed(AuditUnavailable reason) {
            log.atError()
                .addKeyValue("reason", reason.detail())
                .addKeyValue("event", kind.slug())
                .log("an event could not be recorded");
          }
        });
  }

  /// Records that the log is read, and returns when that is as durable as calls are.
  private void recordRead(Event.Kind kind, Map<String, String> fields) throws NotRecordedException {
    CompletableFuture<Optional<String>> failure = new CompletableFuture<>();
    audit.append(
        new Event(kind, Instant.now(), fields),
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            failure.complete(Optional.empty());
          }

          @Override
          public void failed(AuditUnavailable reason) {
            failure.complete(Optional.of(reason.detail()));
          }
        });
    Optional<String> why;
    try {
      why = failure.get(READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it so", e);
    } catch (TimeoutException e) {
      why = Optional.of("no answer from the disk within " + READ_PATIENCE.toSeconds() + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = Optional.of("Outrider is ending");
    }
    if (why.isPresent()) {
      throw new NotRecordedException(why.get());
    }
  }

  private void meter() {
    Gauge.builder("outrider.ready", this, service -> service.readiness().ready() ? 1 : 0)
        .description("1 when calls should be sent here")
        .register(meters);
    Gauge.builder("outrider.degraded", this, service -> service.readiness().degraded().size())
        .description("Reasons why a person should look")
        .register(meters);
    Gauge.builder("outrider.audit.records", audit, a -> a.health().durableSize())
        .description("Records of the audit log on disk")
        .register(meters);
    Gauge.builder("outrider.audit.checkpointed", audit, a -> a.health().checkpointSize())
        .description("Records of the audit log under a signed checkpoint")
        .register(meters);
    Gauge.builder("outrider.audit.queue", audit, a -> a.health().queueDepth())
        .description("Records waiting for the disk")
        .register(meters);
    FunctionCounter.builder("outrider.audit.refused", audit, a -> a.health().refused())
        .description("Records the audit log did not take")
        .register(meters);
    anchors.meter(meters, InstantSource.system());
    exports.meter(meters, () -> audit.health().checkpointSize(), InstantSource.system());
  }

  private String url(InetSocketAddress address) {
    return scheme(settings.listen().tls()) + HostPort.of(address);
  }

  private static String scheme(ListenSettings.@Nullable Tls tls) {
    return tls == null ? "http://" : "https://";
  }

  private void announce(Rules rules) {
    InetSocketAddress address = proxy.address();
    if (address != null) {
      log.atInfo()
          .addKeyValue("url", url(address))
          .addKeyValue(
              "paths", settings.upstreams().stream().map(upstream -> upstream.path()).toList())
          .log("listening");
    }
    if (admin != null) {
      log.atInfo()
          .addKeyValue(
              "url",
              scheme(settings.admin() == null ? null : settings.admin().tls())
                  + HostPort.of(admin.address()))
          .log("serving health and metrics");
    }
    if (rules.shadow()) {
      log.warn("policy.mode is shadow: denials are recorded and every call passes");
    }
    if (settings.audit().onFailure() == AuditSettings.OnFailure.CONTINUE) {
      log.warn(
          "audit.on_failure is continue: while the audit log cannot be written, calls pass unrecorded");
    }
    if (settings.policy().bundles().isEmpty()) {
      log.warn("no policies: every call will be refused");
    }
    Advice.of(settings).forEach(log::warn);
  }
}
