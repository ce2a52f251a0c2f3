package io.outrider.sinks.otlp;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Severity;
import java.time.Instant;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `ExportLogsServiceRequest` of OTLP 1: the body of a log record is the line of the audit log.
///
/// Written here and not by OpenTelemetry's exporter, because that takes a partial success for a
/// success: it would drop records the receiver rejected without anyone hearing of it.
final class LogsRequest {
  /// W3C trace context, version 00: trace id, span id, flags.
  private static final Pattern TRACE =
      Pattern.compile("00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})");

  private LogsRequest() {}

  static byte[] of(Delivery delivery, Instant now) {
    ProtoWriter resource =
        new ProtoWriter()
            .message(1, attribute("service.name", "outrider"))
            .message(1, attribute("outrider.audit.origin", delivery.origin()));
    ProtoWriter scope =
        new ProtoWriter().message(1, new ProtoWriter().string(1, "io.outrider.audit"));
    for (Item item : delivery.items()) {
      scope.message(2, record(delivery.origin(), item, now));
    }
    return new ProtoWriter()
        .message(1, new ProtoWriter().message(1, resource).message(2, scope))
        .toBytes();
  }

  private static ProtoWriter record(String origin, Item item, Instant now) {
    ProtoWriter record = new ProtoWriter();
    item.time().ifPresent(time -> record.fixed64(1, nanos(time)));
    record
        .varint(2, number(item.severity()))
        .string(3, item.severity().name())
        .message(5, new ProtoWriter().bytes(1, item.json()))
        .message(6, attribute("log.record.uid", origin + "/" + item.id()))
        .message(
            6,
            new ProtoWriter()
                .string(1, "outrider.audit.index")
                .message(2, new ProtoWriter().varint(3, item.index())))
        .message(6, attribute("outrider.audit.kind", item.kind()));
    item.call().ifPresent(call -> record.message(6, attribute("outrider.audit.call", call)));
    item.event().ifPresent(event -> record.message(6, attribute("outrider.audit.event", event)));
    Matcher trace = TRACE.matcher(item.trace().orElse(""));
    if (trace.matches()) {
      record
          .bytes(9, HexFormat.of().parseHex(trace.group(1)))
          .bytes(10, HexFormat.of().parseHex(trace.group(2)));
    }
    return record.fixed64(11, nanos(now)).string(12, "outrider.audit." + item.kind());
  }

  private static ProtoWriter attribute(String key, String value) {
    return new ProtoWriter().string(1, key).message(2, new ProtoWriter().string(1, value));
  }

  /// The lowest number of each range of `SeverityNumber`.
  private static int number(Severity severity) {
    return switch (severity) {
      case INFO -> 9;
      case WARNING -> 13;
      case ERROR -> 17;
    };
  }

  private static long nanos(Instant time) {
    return time.getEpochSecond() * 1_000_000_000L + time.getNano();
  }
}
