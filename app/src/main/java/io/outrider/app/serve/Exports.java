package io.outrider.app.serve;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.Secret;
import io.outrider.settings.SinkSettings;
import io.outrider.sinks.Export;
import io.outrider.sinks.ExportListener;
import io.outrider.sinks.SinkReport;
import io.outrider.sinks.SinkSpec;
import io.outrider.sinks.SinkSpec.Pace;
import io.outrider.sinks.file.FileSink;
import io.outrider.sinks.http.HttpSink;
import io.outrider.sinks.kafka.KafkaSink;
import io.outrider.sinks.net.Poster;
import io.outrider.sinks.net.Tls;
import io.outrider.sinks.otlp.OtlpSink;
import io.outrider.sinks.s3.S3Options;
import io.outrider.sinks.s3.S3Sink;
import io.outrider.sinks.syslog.SyslogSink;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The receivers the audit log is sent on to, from settings to running sinks. The classes of a
/// kind, and of its client library, are loaded only where a sink of that kind is configured.
final class Exports {
  private static final Logger log = LoggerFactory.getLogger(Exports.class);

  /// What the receivers get to take the last records; a proxy that waited longer would be killed by
  /// its supervisor, and the next start goes on anyway.
  private static final Duration GRACE = Duration.ofSeconds(3);

  /// A batch that fits into one request of every receiver we know of.
  private static final int BATCH_BYTES = 1 << 20;

  /// A mirror is sent by tiles, so a delivery is many of them; between two, the cursor moves.
  private static final int MIRROR_RECORDS = 64 * 256;

  private static final int MIRROR_BYTES = 16 << 20;

  private final Export export;

  private Exports(Export export) {
    this.export = export;
  }

  /// @param telling what may be told of the words of receivers
  static Exports start(AuditSettings audit, ExportListener listener, UnaryOperator<String> telling)
      throws Unusable {
    try {
      return new Exports(
          Export.start(
              audit.directory(),
              audit.export().stream().map(Exports::spec).toList(),
              listener,
              telling));
    } catch (IOException e) {
      throw new Unusable(List.of(Messages.of(e)));
    }
  }

  /// The first record that one of the configured receivers still has to get; 0 while that cannot be
  /// told, so that nothing is dropped.
  static long unsent(AuditSettings audit) {
    if (audit.export().isEmpty()) {
      return Long.MAX_VALUE;
    }
    Map<String, Long> next = new HashMap<>();
    try {
      Export.positions(audit.directory()).forEach(sink -> next.put(sink.name(), sink.next()));
    } catch (IOException e) {
      log.atWarn().setCause(e).log("no audit records are dropped while cursors cannot be read");
      return 0;
    }
    return audit.export().stream()
        .mapToLong(sink -> Math.max(0, next.getOrDefault(sink.name(), 0L)))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private static SinkSpec spec(SinkSettings sink) {
    SinkSpec.OnRefusal onRefusal =
        switch (sink.onRefusal()) {
          case WAIT -> SinkSpec.OnRefusal.WAIT;
          case SET_ASIDE -> SinkSpec.OnRefusal.SET_ASIDE;
        };
    return switch (sink.target()) {
      case SinkSettings.File file ->
          new SinkSpec(
              sink.name(),
              "file",
              batches(2048),
              onRefusal,
              log -> new FileSink(file.path(), file.rotate()));
      case SinkSettings.Syslog syslog ->
          new SinkSpec(sink.name(), "syslog", batches(512), onRefusal, log -> syslog(syslog));
      case SinkSettings.Http http ->
          new SinkSpec(
              sink.name(),
              "http",
              batches(http.batch()),
              onRefusal,
              log ->
                  new HttpSink(
                      endpoint(http.endpoint()),
                      switch (http.format()) {
                        case JSONL -> HttpSink.Format.JSON_LINES;
                        case CLOUDEVENTS -> HttpSink.Format.CLOUD_EVENTS;
                      }));
      case SinkSettings.Otlp otlp ->
          new SinkSpec(
              sink.name(),
              "otlp",
              batches(otlp.batch()),
              onRefusal,
              log -> new OtlpSink(endpoint(otlp.endpoint()), InstantSource.system()));
      case SinkSettings.Kafka kafka ->
          new SinkSpec(
              sink.name(),
              "kafka",
              batches(512),
              onRefusal,
              log ->
                  new KafkaSink(
                      new KafkaSink.Options(
                          sink.name(),
                          kafka.servers(),
                          kafka.topic(),
                          kafka.compression() == SinkSettings.Compression.GZIP,
                          revealed(kafka.properties()))));
      case SinkSettings.S3 s3 ->
          new SinkSpec(
              sink.name(),
              "s3",
              new Pace(MIRROR_RECORDS, MIRROR_BYTES, s3.interval()),
              onRefusal,
              log -> new S3Sink(options(s3), log, InstantSource.system()));
    };
  }

  private static S3Options options(SinkSettings.S3 s3) {
    SinkSettings.S3.Keys keys = s3.keys();
    SinkSettings.S3.Lock lock = s3.lock();
    return new S3Options(
        s3.bucket(),
        s3.prefix(),
        s3.region(),
        s3.endpoint(),
        s3.pathStyle(),
        keys == null ? null : new S3Options.Keys(keys.id().reveal(), keys.secret().reveal()),
        lock == null
            ? null
            : new S3Options.Lock(
                switch (lock.mode()) {
                  case GOVERNANCE -> S3Options.Lock.Mode.GOVERNANCE;
                  case COMPLIANCE -> S3Options.Lock.Mode.COMPLIANCE;
                },
                lock.retain()));
  }

  private static Map<String, String> revealed(Map<String, Secret> secrets) {
    Map<String, String> texts = new HashMap<>();
    secrets.forEach((name, secret) -> texts.put(name, secret.reveal()));
    return texts;
  }

  private static SyslogSink syslog(SinkSettings.Syslog syslog) throws IOException {
    SinkSettings.Tls tls = syslog.tls();
    return new SyslogSink(
        new SyslogSink.Receiver(
            syslog.address(),
            syslog.port(),
            tls == null ? null : Tls.context(tls.ca(), tls.cert(), tls.key())),
        syslog.facility(),
        syslog.host() == null ? hostName() : syslog.host(),
        System::nanoTime);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "-"; // what RFC 5424 writes for a name that is not known
    }
  }

  private static Poster.Endpoint endpoint(SinkSettings.Endpoint to) {
    return new Poster.Endpoint(
        to.url(),
        revealed(to.headers()),
        to.compression() == SinkSettings.Compression.GZIP,
        to.ca(),
        to.timeout());
  }

  private static Pace batches(int records) {
    return new Pace(records, BATCH_BYTES, Pace.EVERY_CHECKPOINT);
  }

  /// Sinks that do not deliver, as reasons why a person should look.
  List<String> degraded() {
    return export.reports().stream()
        .filter(report -> report.error() != null)
        .map(report -> "audit.export." + report.name() + ": " + report.error())
        .toList();
  }

  /// @param size records under a checkpoint
  void meter(MeterRegistry meters, LongSupplier size, InstantSource clock) {
    List<SinkReport> now = export.reports();
    for (int i = 0; i < now.size(); i++) {
      int at = i;
      Tags tags = Tags.of("sink", now.get(i).name(), "kind", now.get(i).kind());
      gauge(
          meters,
          "outrider.audit.sink.lag.records",
          "Records under a checkpoint that the sink has not delivered",
          tags,
          export -> Math.max(0, size.getAsLong() - export.reports().get(at).next()));
      gauge(
          meters,
          "outrider.audit.sink.lag.seconds",
          "Age of the oldest record the sink has not delivered",
          tags,
          export -> age(export.reports().get(at).waitingSince(), clock));
      counter(
          meters,
          "outrider.audit.sink.delivered",
          "Records delivered, those sent again included",
          tags,
          export -> export.reports().get(at).delivered());
      counter(
          meters,
          "outrider.audit.sink.errors",
          "Attempts that failed, and gaps",
          tags,
          export -> export.reports().get(at).errors());
      counter(
          meters,
          "outrider.audit.sink.missed",
          "Records that never reach the receiver: gone from the log, or refused and set aside",
          tags,
          export -> export.reports().get(at).missed());
    }
  }

  private void gauge(
      MeterRegistry meters,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<Export> value) {
    Gauge.builder(name, export, value).description(description).tags(tags).register(meters);
  }

  private void counter(
      MeterRegistry meters,
      String name,
      String description,
      Tags tags,
      ToDoubleFunction<Export> value) {
    FunctionCounter.builder(name, export, value)
        .description(description)
        .tags(tags)
        .register(meters);
  }

  private static double age(@Nullable Instant since, InstantSource clock) {
    return since == null
        ? 0
        : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
  }

  void close() {
    export.close(GRACE);
  }
}
