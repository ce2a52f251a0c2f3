package io.outrider.sinks.syslog;

import io.outrider.sinks.Item;
import io.outrider.sinks.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// One record as RFC 5424 has it. The text is the line of the log, without a byte order mark: what
/// reads it expects JSON.
final class SyslogMessage {
  /// RFC 5424 allows six decimals of a second.
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// The longest host name the RFC allows.
  private static final int MAX_HOST = 255;

  private final int facility;
  private final String host;

  SyslogMessage(int facility, String host) {
    this.facility = facility;
    String printable = host.replaceAll("[^\\x21-\\x7e]", "");
    this.host =
        printable.isEmpty() ? "-" : printable.substring(0, Math.min(printable.length(), MAX_HOST));
  }

  /// The message behind its length and a space (octet counting, RFC 6587 and 5425).
  byte[] framed(String origin, Item item) {
    String head =
        "<%d>1 %s %s outrider %s %s [outrider@32473 origin=\"%s\" index=\"%d\"] "
            .formatted(
                facility * 8 + number(item.severity()),
                item.time().map(SyslogMessage::time).orElse("-"),
                host,
                "-",
                item.kind(),
                quoted(origin),
                item.index());
    byte[] header = head.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        ((header.length + item.json().length) + " ").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(header);
    out.writeBytes(item.json());
    return out.toByteArray();
  }

  private static String time(Instant time) {
    return TIME.format(time);
  }

  private static int number(Severity severity) {
    return switch (severity) {
      case INFO -> 6;
      case WARNING -> 4;
      case ERROR -> 3;
    };
  }

  private static String quoted(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("]", "\\]");
  }
}
