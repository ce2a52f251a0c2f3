package io.outrider.app.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import io.outrider.settings.ListenSettings;
import io.outrider.settings.Settings;
import io.outrider.settings.SinkSettings;
import io.outrider.settings.UpstreamSettings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceExportTest {
  @TempDir private Path folder;

  private Configuration configuration(SinkSettings.Target target) {
    Settings settings =
        Settings.builder()
            .listen(ListenSettings.at("127.0.0.1", 0))
            .upstream(
                UpstreamSettings.of(
                    "one", "/mcp", UpstreamSettings.Http.at(URI.create("http://127.0.0.1:1/mcp"))))
            .audit(
                new AuditSettings(
                    folder.resolve("log"),
                    AuditSettings.Durability.GROUP,
                    AuditSettings.OnFailure.REFUSE,
                    AuditSettings.Payloads.NONE,
                    null,
                    List.of(new SinkSettings("siem", target, SinkSettings.OnRefusal.WAIT)),
                    AnchorSettings.NONE))
            .admin(null)
            .build();
    return Configuration.fixed(settings, "none");
  }

  @Test
  void theReceiverHasTheWholeLogWhenTheServiceHasEnded() throws Exception {
    Path file = folder.resolve("audit.jsonl");

    Service.start(configuration(new SinkSettings.File(file, 1 << 20))).close();

    assertThat(Files.readAllLines(file)).last().asString().contains("\"ev\":\"stop\"");
  }

  @Test
  void aSinkThatCannotBeMadeStopsTheStartAndLeavesNothingRunning() throws Exception {
    SinkSettings.Endpoint endpoint =
        new SinkSettings.Endpoint(
            URI.create("https://127.0.0.1:1/"),
            Map.of(),
            SinkSettings.Compression.NONE,
            folder.resolve("no-such-ca.pem"),
            SinkSettings.Endpoint.DEFAULT_TIMEOUT);

    assertThatThrownBy(() -> Service.start(configuration(new SinkSettings.Otlp(endpoint, 10))))
        .isInstanceOfSatisfying(
            Unusable.class,
            e ->
                assertThat(e.reasons())
                    .singleElement()
                    .asString()
                    .startsWith("audit.export.siem: ")
                    .contains("no-such-ca.pem"));
    Service.start(configuration(new SinkSettings.File(folder.resolve("a"), 1))).close();
  }
}
