package io.outrider.sinks.kafka;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Refused;
import io.outrider.sinks.Sink;
import io.outrider.sinks.event.CloudEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// Produces to one topic: acknowledged by all in-sync replicas, in order, one message a record. The
/// key is the log's origin, so a log stays in one partition; headers are those of a CloudEvent in
/// Kafka's binary mode, with the index in `ce_sequence`.
///
/// An acknowledgement of Kafka means replication, not a disk; keep the log itself.
public final class KafkaSink implements Sink {
  /// Until a record is acknowledged or given up; the client tries again by itself meanwhile.
  private static final Duration DELIVERY = Duration.ofSeconds(30);

  private static final Duration REQUEST = Duration.ofSeconds(10);

  /// Until the topic's leader is known.
  private static final Duration METADATA = Duration.ofSeconds(15);

  private static final Duration CLOSE = Duration.ofSeconds(1);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final String topic;
  private @Nullable Producer<byte[], byte[]> producer;

  /// Where and how.
  ///
  /// @param servers `host:port` of brokers to begin with
  /// @param gzip whether batches are compressed
  /// @param properties of the client, such as those of TLS and SASL; values may be credentials
  public record Options(
      String name,
      List<String> servers,
      String topic,
      boolean gzip,
      Map<String, String> properties) {
    public Options {
      servers = List.copyOf(servers);
      properties = Map.copyOf(properties);
    }

    /// Without the values of properties.
    @Override
    public String toString() {
      return "Options[" + servers + ", " + topic + ", " + properties.keySet() + "]";
    }
  }

  public KafkaSink(Options options) {
    this(options.topic(), () -> new KafkaProducer<>(configuration(options)));
  }

  KafkaSink(String topic, Supplier<Producer<byte[], byte[]>> producers) {
    this.topic = topic;
    this.producers = producers;
  }

  private static Map<String, Object> configuration(Options options) {
    Map<String, Object> all = new HashMap<>();
    // The client measures itself through JMX and, asked by a broker, for the broker; both unasked.
    all.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
    all.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, false);
    all.putAll(options.properties());
    all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, options.servers());
    all.put(ProducerConfig.CLIENT_ID_CONFIG, "outrider-" + options.name());
    all.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, options.gzip() ? "gzip" : "none");
    all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY.toMillis());
    all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST.toMillis());
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, METADATA.toMillis());
    return all;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException, Refused, InterruptedException {
    try {
      Producer<byte[], byte[]> open = producer;
      if (open == null) {
        open = producers.get();
        producer = open;
      }
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Item item : delivery.items()) {
        Future<RecordMetadata> one = open.send(record(delivery.origin(), item));
        if (one.isDone()) {
          // Failed on the spot, most likely: no use waiting for a leader again with each record.
          one.get();
        }
        sent.add(one);
      }
      open.flush();
      for (Future<RecordMetadata> one : sent) {
        one.get(DELIVERY.toMillis() * 2, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptException e) {
      // The client's own, unchecked; it has set the thread's flag again.
      Thread.interrupted();
      InterruptedException interrupted = new InterruptedException("while sending to Kafka");
      interrupted.initCause(e);
      throw interrupted;
    } catch (TimeoutException e) {
      throw failed("no acknowledgement", e);
    } catch (ExecutionException e) {
      throw refusedOr(e.getCause() == null ? e : e.getCause());
    } catch (KafkaException e) {
      throw refusedOr(e);
    }
  }

  private IOException refusedOr(Throwable e) throws Refused {
    if (e instanceof RecordTooLargeException || e instanceof InvalidRecordException) {
      throw new Refused(String.valueOf(e.getMessage()), e);
    }
    String why = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
    return failed(e.getClass().getSimpleName() + ": " + e.getMessage() + why, e);
  }

  /// A producer that failed may be in a state from which it sends nothing any more, or may still
  /// hold records that come again; the next attempt begins with a new one.
  private IOException failed(String what, Throwable cause) {
    shut();
    return new IOException("Kafka topic " + topic + ": " + what, cause);
  }

  private ProducerRecord<byte[], byte[]> record(String origin, Item item) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            item.time().map(Instant::toEpochMilli).orElse(null),
            utf8(origin),
            item.json());
    CloudEvent.attributes(origin, item)
        .forEach((name, value) ->
            record
                .headers()
                .add(name.equals("datacontenttype") ? "content-type" : "ce_" + name, utf8(value)));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void shut() {
    Producer<byte[], byte[]> open = producer;
    producer = null;
    if (open != null) {
      try {
        open.close(CLOSE);
      } catch (KafkaException e) {
        // What it did not send is not behind the cursor.
      }
    }
  }

  @Override
  public void close() {
    shut();
  }
}
