package io.outrider.sinks.event;

import io.outrider.sinks.Item;
import io.outrider.sinks.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A record as a CloudEvent: `source` and `id` together name it for ever, so a receiver that gets
/// it twice can tell. The data is the line of the log, byte for byte.
public final class CloudEvent {
  private CloudEvent() {}

  /// The context attributes.
  public static Map<String, String> attributes(String origin, Item item) {
    Map<String, String> attributes = new LinkedHashMap<>();
    attributes.put("specversion", "1.0");
    attributes.put("id", item.id());
    attributes.put("source", "urn:outrider:" + origin);
    attributes.put("type", "io.outrider.audit." + item.kind() + ".v1");
    attributes.put("datacontenttype", "application/json");
    attributes.put("sequence", Long.toString(item.index()));
    attributes.put("partitionkey", origin);
    item.time().ifPresent(time -> attributes.put("time", time.toString()));
    item.call().ifPresent(call -> attributes.put("subject", call));
    item.trace().ifPresent(trace -> attributes.put("traceparent", trace));
    return attributes;
  }

  /// A batch in the JSON format (`application/cloudevents-batch+json`).
  public static byte[] batch(String origin, List<Item> items) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    char before = '[';
    for (Item item : items) {
      out.write(before);
      before = ',';
      StringBuilder head = new StringBuilder("{");
      attributes(origin, item)
          .forEach((name, value) ->
              head.append('"').append(name).append("\":").append(Json.string(value)).append(','));
      out.writeBytes(head.append("\"data\":").toString().getBytes(StandardCharsets.UTF_8));
      out.writeBytes(item.json());
      out.write('}');
    }
    out.write(']');
    return out.toByteArray();
  }
}
