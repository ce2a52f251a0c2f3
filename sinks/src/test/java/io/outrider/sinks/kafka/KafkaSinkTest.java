package io.outrider.sinks.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Refused;
import io.outrider.sinks.TestLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With Kafka's own mock of a producer. A broker would bring 43 MB of jars into the build; by hand
/// it was run against one of 4.4.0, with kills and an outage.
class KafkaSinkTest {
  @TempDir private Path temp;
  private TestLog log;
  private final List<MockProducer<byte[], byte[]>> producers = new ArrayList<>();

  @BeforeEach
  void aLog() throws Exception {
    log = new TestLog(temp);
    log.write(300);
  }

  private KafkaSink sink() {
    return new KafkaSink(
        "audit",
        () -> {
          MockProducer<byte[], byte[]> producer =
              new MockProducer<>(
                  Cluster.empty(),
                  true,
                  null,
                  new ByteArraySerializer(),
                  new ByteArraySerializer());
          producers.add(producer);
          return producer;
        });
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void everyLineIsAMessageWithOriginAsKeyAndTheIndexInItsHeaders() throws Exception {
    try (KafkaSink sink = sink()) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
    }

    List<String> lines = new ArrayList<>();
    for (ProducerRecord<byte[], byte[]> record : producers.getFirst().history()) {
      assertThat(record.topic()).isEqualTo("audit");
      assertThat(utf8(record.key())).isEqualTo(TestLog.ORIGIN);
      assertThat(header(record, "ce_id")).isEqualTo(Integer.toString(lines.size()));
      assertThat(header(record, "ce_sequence")).isEqualTo(Integer.toString(lines.size()));
      assertThat(header(record, "ce_source")).isEqualTo("urn:outrider:" + TestLog.ORIGIN);
      assertThat(header(record, "ce_type")).isEqualTo("io.outrider.audit.event.v1");
      assertThat(header(record, "content-type")).isEqualTo("application/json");
      assertThat(record.timestamp()).isPositive();
      lines.add(utf8(record.value()));
    }
    assertThat(lines).isEqualTo(log.lines());
    assertThat(producers).hasSize(1);
    assertThat(producers.getFirst().closed()).isTrue();
  }

  private static String header(ProducerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : utf8(header.value());
  }

  @Test
  void aRecordTheBrokerFindsTooLargeIsRefused() throws Exception {
    try (KafkaSink sink = sink()) {
      sink.deliver(log.deliveries(10).getFirst());
      producers.getFirst().sendException = new RecordTooLargeException("1048577 bytes");

      assertThatThrownBy(() -> sink.deliver(log.deliveries(10).getFirst()))
          .isInstanceOf(Refused.class)
          .hasMessage("1048577 bytes");
    }
  }

  @Test
  void afterAFailureANewProducerBeginsAgain() throws Exception {
    Delivery delivery = log.deliveries(10).getFirst();
    try (KafkaSink sink = sink()) {
      sink.deliver(delivery);
      producers.getFirst().sendException = new TimeoutException("no leader");

      assertThatThrownBy(() -> sink.deliver(delivery))
          .isInstanceOf(IOException.class)
          .hasMessage("Kafka topic audit: TimeoutException: no leader");
      sink.deliver(delivery);
    }

    assertThat(producers).hasSize(2);
    assertThat(producers.get(0).closed()).isTrue();
    assertThat(producers.get(1).history()).hasSize(10);
  }

  @Test
  void aWrongPropertyIsAnErrorThatShowsNoSecret() throws Exception {
    KafkaSink.Options options =
        new KafkaSink.Options(
            "bus",
            List.of("127.0.0.1:9"),
            "audit",
            true,
            Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "hunter2"));
    assertThat(options.toString()).doesNotContain("hunter2");
    try (KafkaSink sink = new KafkaSink(options)) {
      assertThatThrownBy(() -> sink.deliver(log.deliveries(10).getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("Kafka topic audit: ");
    }
  }
}
