package io.outrider.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.slf4j.event.KeyValuePair;

/// Writes an event as one line: time, level, a sentence, then its keys. What is in it passes the
/// redactor first.
final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final byte[] NONE = {};

  private final boolean json;

  LineEncoder(boolean json) {
    this.json = json;
  }

  @Override
  public byte[] headerBytes() {
    return NONE;
  }

  @Override
  public byte[] footerBytes() {
    return NONE;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = LogRedaction.apply(json ? jsonLine(event) : textLine(event));
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String textLine(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(time(event)).append(' ').append(level(event));
    // Aligned, so that sentences start in one column.
    line.append(" ".repeat(6 - level(event).length()));
    escape(line, event.getFormattedMessage(), false);
    for (KeyValuePair pair : pairs(event)) {
      line.append(' ').append(pair.key).append('=');
      value(line, String.valueOf(pair.value));
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(" cause=");
      value(line, cause(thrown));
      if (withStack(event)) {
        line.append('\n').append(ThrowableProxyUtil.asString(thrown).stripTrailing());
      }
    }
    return line.toString();
  }

  private static String jsonLine(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(200);
    line.append("{\"time\":\"").append(time(event)).append("\",\"level\":\"").append(level(event));
    line.append("\",\"message\":");
    quote(line, event.getFormattedMessage());
    for (KeyValuePair pair : pairs(event)) {
      line.append(',');
      quote(line, pair.key);
      line.append(':');
      if (pair.value instanceof Number || pair.value instanceof Boolean) {
        line.append(pair.value);
      } else {
        quote(line, String.valueOf(pair.value));
      }
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      line.append(",\"cause\":");
      quote(line, cause(thrown));
      if (withStack(event)) {
        line.append(",\"stack\":");
        quote(line, ThrowableProxyUtil.asString(thrown));
      }
    }
    return line.append('}').toString();
  }

  private static Instant time(ILoggingEvent event) {
    return Instant.ofEpochMilli(event.getTimeStamp()).truncatedTo(ChronoUnit.MILLIS);
  }

  private static String level(ILoggingEvent event) {
    return event.getLevel().toString().toLowerCase(Locale.ROOT);
  }

  /// A warning is a state the operator can read from one line; an error is a mistake of ours, and
  /// its place matters.
  private static boolean withStack(ILoggingEvent event) {
    return event.getLevel().isGreaterOrEqual(Level.ERROR)
        || event.getLevel().levelInt <= Level.DEBUG_INT;
  }

  private static String cause(IThrowableProxy thrown) {
    String type = thrown.getClassName();
    return type.substring(type.lastIndexOf('.') + 1)
        + (thrown.getMessage() == null ? "" : ": " + thrown.getMessage());
  }

  private static List<KeyValuePair> pairs(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }

  private static void value(StringBuilder line, String value) {
    if (!value.isEmpty()
        && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != 0x7f)) {
      line.append(value);
    } else {
      quote(line, value);
    }
  }

  private static void quote(StringBuilder line, String text) {
    line.append('"');
    escape(line, text, true);
    line.append('"');
  }

  /// A server's text must not be able to start a line of its own or move the cursor.
  private static void escape(StringBuilder line, String text, boolean quoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        case '"', '\\' -> line.append(quoted ? "\\" : "").append(c);
        default -> {
          if (c < ' ' || (c >= 0x7f && c < 0xa0) || c == '\u2028' || c == '\u2029') {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            line.append(c);
          }
        }
      }
    }
  }
}
