package io.outrider.sinks.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Refused;
import io.outrider.sinks.TestLog;
import io.outrider.sinks.net.Web;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is sent is read back with OpenTelemetry's own classes.
class OtlpSinkTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.5Z");

  @TempDir private Path temp;
  private TestLog log;
  private Web web;

  @BeforeEach
  void start() throws Exception {
    log = new TestLog(temp);
    log.write(300);
    web = new Web();
  }

  @AfterEach
  void stop() {
    web.close();
  }

  private OtlpSink sink() throws IOException {
    return new OtlpSink(
        web.endpoint("/v1/logs", Map.of(), true, Duration.ofSeconds(20)), () -> NOW);
  }

  private static Map<String, AnyValue> attributes(List<KeyValue> values) {
    return values.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
  }

  @Test
  void everyLineArrivesAsALogRecord() throws Exception {
    try (OtlpSink sink = sink()) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
    }

    List<String> lines = new ArrayList<>();
    for (Web.Got got : web.got) {
      assertThat(got.path()).isEqualTo("/v1/logs");
      assertThat(got.header("Content-type")).isEqualTo("application/x-protobuf");
      ExportLogsServiceRequest request = ExportLogsServiceRequest.parseFrom(got.body());
      assertThat(request.getUnknownFields().asMap()).isEmpty();
      assertThat(attributes(request.getResourceLogs(0).getResource().getAttributesList()))
          .containsEntry("service.name", text("outrider"))
          .containsEntry("outrider.audit.origin", text(TestLog.ORIGIN));
      for (LogRecord record : request.getResourceLogs(0).getScopeLogs(0).getLogRecordsList()) {
        assertThat(record.getUnknownFields().asMap()).isEmpty();
        assertThat(attributes(record.getAttributesList()))
            .containsEntry(
                "outrider.audit.index", AnyValue.newBuilder().setIntValue(lines.size()).build())
            .containsEntry("log.record.uid", text(TestLog.ORIGIN + "/" + lines.size()));
        assertThat(record.getObservedTimeUnixNano()).isEqualTo(1_795_176_000_500_000_000L);
        assertThat(record.getTimeUnixNano()).isPositive();
        assertThat(record.getEventName()).isEqualTo("outrider.audit.event");
        assertThat(record.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_INFO);
        lines.add(record.getBody().getStringValue());
      }
    }
    assertThat(lines).isEqualTo(log.lines());
  }

  @Test
  void refusalsAreLoudAndCarryTheirTrace() throws Exception {
    byte[] leaf =
        """
        {"call":"c-1","i":7,"k":"refusal","t":"2026-11-20T12:00:00.123456789Z","tp":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","v":1}\
        """
            .getBytes(StandardCharsets.UTF_8);
    Delivery delivery =
        new Delivery.Records(log.published().checkpoint().orElseThrow(), List.of(Item.of(7, leaf)));

    LogRecord record =
        ExportLogsServiceRequest.parseFrom(LogsRequest.of(delivery, NOW))
            .getResourceLogs(0)
            .getScopeLogs(0)
            .getLogRecords(0);

    assertThat(record.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_WARN);
    assertThat(record.getTimeUnixNano()).isEqualTo(1_795_176_000_123_456_789L);
    assertThat(HexFormat.of().formatHex(record.getTraceId().toByteArray()))
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(HexFormat.of().formatHex(record.getSpanId().toByteArray()))
        .isEqualTo("b7ad6b7169203331");
    assertThat(attributes(record.getAttributesList()))
        .containsEntry("outrider.audit.call", text("c-1"));
  }

  private void deliver(byte[] answer) throws Exception {
    web.says.add(new Web.Say(200, Map.of(), answer));
    try (OtlpSink sink = sink()) {
      sink.deliver(log.deliveries(10).getFirst());
    }
  }

  @Test
  void aPartialSuccessIsARefusalAndNotASuccess() {
    byte[] answer =
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder()
                    .setRejectedLogRecords(3)
                    .setErrorMessage("too old"))
            .build()
            .toByteArray();

    assertThatThrownBy(() -> deliver(answer))
        .isInstanceOf(Refused.class)
        .hasMessage("3 of 10 records rejected: too old");
  }

  @Test
  void aWarningWithoutRejectionsIsASuccess() throws Exception {
    deliver(
        ExportLogsServiceResponse.newBuilder()
            .setPartialSuccess(ExportLogsPartialSuccess.newBuilder().setErrorMessage("slow down"))
            .build()
            .toByteArray());

    assertThat(web.got).hasSize(1);
  }

  @Test
  void aPageThatHappensToSay200IsNotAnAcknowledgement() {
    assertThatThrownBy(() -> deliver("<html>login</html>".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not answer in OTLP");
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }
}
