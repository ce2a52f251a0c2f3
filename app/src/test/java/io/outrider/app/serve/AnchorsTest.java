package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.outrider.app.SigningWitness;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchorsTest {
  @TempDir private Path folder;

  private AuditSettings settings(AnchorSettings anchors) {
    AuditSettings plain = AuditSettings.in(folder.resolve("log"));
    return new AuditSettings(
        plain.directory(),
        plain.durability(),
        plain.onFailure(),
        plain.payloads(),
        plain.retention(),
        plain.export(),
        anchors);
  }

  @Test
  void theLogIsAnchoredAndTheMetricsSaySo() throws Exception {
    BlockingQueue<Map<String, String>> changes = new LinkedBlockingQueue<>();
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    try (SigningWitness witness = new SigningWitness("w.example/one");
        AuditLog log = AuditLog.open(AuditOptions.in(folder.resolve("log")))) {
      TlogPolicy policy =
          TlogPolicy.of(
              List.of(new TlogPolicy.Witness("one", witness.key(), Optional.of(witness.url()))), 1);
      Anchors anchors =
          Anchors.start(
              settings(
                  new AnchorSettings(
                      policy, Duration.ofMinutes(1), List.of(), Duration.ofHours(1))),
              log,
              changes::add);
      anchors.meter(meters, InstantSource.system());

      assertThat(changes.poll(20, TimeUnit.SECONDS))
          .containsEntry("state", "anchored")
          .containsEntry("by", "one");
      assertThat(anchors.degraded()).isEmpty();
      assertThat(meters.get("outrider.audit.anchored").gauge().value()).isPositive();
      assertThat(meters.get("outrider.audit.anchor.age.seconds").gauge().value())
          .isBetween(0.0, 60.0);
      anchors.close();
      assertThat(folder.resolve("log/anchors/cosigned")).exists();
    }
  }

  @Test
  void nobodyConfiguredIsNobodyAsked() throws Exception {
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder.resolve("log")))) {
      Anchors anchors = Anchors.start(settings(AnchorSettings.NONE), log, facts -> {});
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      anchors.meter(meters, InstantSource.system());
      assertThat(meters.getMeters()).isEmpty();
      assertThat(anchors.degraded()).isEmpty();
      anchors.close();

      AnchorSettings.Authority absent =
          new AnchorSettings.Authority(
              "tsa", URI.create("http://127.0.0.1:1/"), folder.resolve("absent.pem"));
      assertThatThrownBy(() ->
              Anchors.start(
                  settings(
                      new AnchorSettings(
                          AnchorSettings.NONE.policy(),
                          Duration.ofMinutes(1),
                          List.of(absent),
                          Duration.ofHours(1))),
                  log,
                  facts -> {}))
          .isInstanceOf(Unusable.class)
          .hasMessageContaining("absent.pem");
    }
  }
}
