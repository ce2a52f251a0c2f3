package io.outrider.sinks.otlp;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Refused;
import io.outrider.sinks.Sink;
import io.outrider.sinks.net.Poster;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;

/// Exports to an OpenTelemetry collector or backend: OTLP over HTTP, protobuf.
public final class OtlpSink implements Sink {
  private static final String TYPE = "application/x-protobuf";

  private final Poster poster;
  private final InstantSource clock;

  /// @param endpoint the whole URL, such as `https://collector:4318/v1/logs`
  public OtlpSink(Poster.Endpoint endpoint, InstantSource clock) throws IOException {
    this.poster = new Poster(endpoint);
    this.clock = clock;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException, Refused, InterruptedException {
    byte[] body = poster.post(TYPE, Map.of(), LogsRequest.of(delivery, clock.instant()));
    LogsAnswer answer;
    try {
      answer = LogsAnswer.parse(body);
    } catch (IllegalArgumentException e) {
      throw new IOException("the receiver does not answer in OTLP: " + e.getMessage(), e);
    }
    if (answer.rejected() > 0) {
      throw new Refused(
          "%d of %d records rejected: %s"
              .formatted(answer.rejected(), delivery.items().size(), answer.message()));
    }
  }

  @Override
  public void close() {
    poster.close();
  }
}
