package io.outrider.sinks.http;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Refused;
import io.outrider.sinks.Sink;
import io.outrider.sinks.event.CloudEvent;
import io.outrider.sinks.net.Poster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;

/// POSTs each delivery as one request. Any 2xx means delivered.
///
/// `Idempotency-Key` is `ORIGIN/FROM-TO`: a delivery that is repeated whole has the key it had.
public final class HttpSink implements Sink {

  /// What a body looks like.
  public enum Format {
    /// One record a line, `application/x-ndjson`.
    JSON_LINES,
    /// A CloudEvents batch, `application/cloudevents-batch+json`.
    CLOUD_EVENTS
  }

  private final Poster poster;
  private final Format format;

  public HttpSink(Poster.Endpoint endpoint, Format format) throws IOException {
    this.poster = new Poster(endpoint);
    this.format = format;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException, Refused, InterruptedException {
    Map<String, String> headers =
        Map.of(
            "Idempotency-Key",
            delivery.origin() + "/" + delivery.from() + "-" + delivery.to(),
            "Outrider-Origin",
            delivery.origin(),
            "Outrider-From",
            Long.toString(delivery.from()),
            "Outrider-To",
            Long.toString(delivery.to()));
    switch (format) {
      case JSON_LINES -> poster.post("application/x-ndjson", headers, lines(delivery));
      case CLOUD_EVENTS ->
          poster.post(
              "application/cloudevents-batch+json",
              headers,
              CloudEvent.batch(delivery.origin(), delivery.items()));
    }
  }

  private static byte[] lines(Delivery delivery) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Item item : delivery.items()) {
      out.writeBytes(item.json());
      out.write('\n');
    }
    return out.toByteArray();
  }

  @Override
  public void close() {
    poster.close();
  }
}
