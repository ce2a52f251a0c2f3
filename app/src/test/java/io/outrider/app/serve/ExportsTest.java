package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.SinkSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportsTest {
  @TempDir private Path folder;

  private AuditSettings audit(SinkSettings... sinks) {
    return new AuditSettings(
        folder.resolve("log"),
        AuditSettings.Durability.GROUP,
        AuditSettings.OnFailure.REFUSE,
        AuditSettings.Payloads.NONE,
        null,
        List.of(sinks),
        AnchorSettings.NONE);
  }

  private static SinkSettings file(String name, Path path) {
    return new SinkSettings(
        name, new SinkSettings.File(path, 1 << 20), SinkSettings.OnRefusal.WAIT);
  }

  @Test
  void theLogArrivesAndTheMetricsSaySo() throws Exception {
    AuditSettings audit =
        audit(
            file("good", folder.resolve("out/audit.jsonl")),
            file("bad", Files.createDirectory(folder.resolve("a-folder"))));
    AuditLog log = AuditLog.open(AuditOptions.in(audit.directory()));
    PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Exports exports = Exports.start(audit, (sink, from, to, why) -> {}, UnaryOperator.identity());
    exports.meter(meters, () -> log.health().checkpointSize(), InstantSource.system());
    log.close();

    exports.close();

    assertThat(Files.readAllLines(folder.resolve("out/audit.jsonl"))).hasSize(3);
    assertThat(meters.scrape())
        .contains("outrider_audit_sink_delivered_total{kind=\"file\",sink=\"good\"} 3.0")
        .contains("outrider_audit_sink_lag_records{kind=\"file\",sink=\"good\"} 0.0")
        .contains("outrider_audit_sink_lag_seconds{kind=\"file\",sink=\"good\"} 0.0")
        .contains("outrider_audit_sink_missed_total{kind=\"file\",sink=\"good\"} 0.0")
        .contains("outrider_audit_sink_lag_records{kind=\"file\",sink=\"bad\"} 3.0")
        .doesNotContain("outrider_audit_sink_errors_total{kind=\"file\",sink=\"bad\"} 0.0");
    assertThat(Exports.unsent(audit(file("good", folder.resolve("out/audit.jsonl"))))).isEqualTo(3);
    assertThat(Exports.unsent(audit)).as("what 'bad' lacks stays").isZero();
    assertThat(Exports.unsent(audit(file("new", folder.resolve("new"))))).isZero();
    assertThat(Exports.unsent(audit())).isEqualTo(Long.MAX_VALUE);
    assertThat(exports.degraded())
        .singleElement()
        .asString()
        .startsWith("audit.export.bad: ")
        .contains("a-folder");
  }
}
