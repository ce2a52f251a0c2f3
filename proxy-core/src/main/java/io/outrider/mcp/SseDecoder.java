package io.outrider.mcp;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Cuts a byte stream into server-sent events as it arrives: CRLF, LF and CR end lines, comments
/// are dropped, several `data:` lines join with LF, an unfinished event at the end is discarded.
///
/// Stricter than WHATWG where a peer could inject: an id with other than visible ASCII and a
/// `retry` with other than digits are ignored. Not thread-safe; one per stream.
public final class SseDecoder {

  /// An event grew past the limit; the stream cannot be trusted to end it.
  public static final class EventTooLarge extends Exception {
    private static final long serialVersionUID = 1;

    EventTooLarge(int limit) {
      super("found an event of more than " + limit + " bytes (expected: at most that)");
    }
  }

  private final int maxEventBytes;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(512);
  private final ByteArrayOutputStream data = new ByteArrayOutputStream(512);
  private boolean dataSeen;
  private boolean afterCr;
  private boolean atStart = true;
  private @Nullable String id;
  private @Nullable String type;
  private @Nullable Long retry;

  /// @param maxEventBytes the most one event may hold, fields and all
  public SseDecoder(int maxEventBytes) {
    this.maxEventBytes = maxEventBytes;
  }

  /// Feeds bytes; `events` is called for each event that became complete.
  public void feed(byte[] bytes, Consumer<SseEvent> events) throws EventTooLarge {
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b != '\n' && b != '\r') {
        afterCr = false;
        continue;
      }
      line.write(bytes, from, i - from);
      from = i + 1;
      if (b == '\n' && afterCr && line.size() == 0) {
        afterCr = false; // the second half of CRLF
        continue;
      }
      afterCr = b == '\r';
      endLine(events);
    }
    line.write(bytes, from, bytes.length - from);
    if (line.size() + data.size() > maxEventBytes) {
      throw new EventTooLarge(maxEventBytes);
    }
  }

  private void endLine(Consumer<SseEvent> events) throws EventTooLarge {
    byte[] text = line.toByteArray();
    line.reset();
    int start = 0;
    if (atStart) {
      atStart = false;
      if (text.length >= 3
          && (text[0] & 0xFF) == 0xEF
          && (text[1] & 0xFF) == 0xBB
          && (text[2] & 0xFF) == 0xBF) {
        start = 3;
      }
    }
    if (text.length == start) {
      dispatch(events);
      return;
    }
    int colon = start;
    while (colon < text.length && text[colon] != ':') {
      colon++;
    }
    String field = new String(text, start, colon - start, StandardCharsets.US_ASCII);
    int value = Math.min(colon + 1, text.length);
    if (value < text.length && text[value] == ' ') {
      value++;
    }
    switch (field) {
      case "data" -> addData(text, value);
      case "event" -> type = new String(text, value, text.length - value, StandardCharsets.UTF_8);
      case "id" -> id = visibleAscii(text, value);
      case "retry" -> retry = digits(text, value);
      default -> {} // a comment, or a field of the future
    }
  }

  private void addData(byte[] text, int from) throws EventTooLarge {
    if (dataSeen) {
      data.write('\n');
    }
    dataSeen = true;
    data.write(text, from, text.length - from);
    if (data.size() > maxEventBytes) {
      throw new EventTooLarge(maxEventBytes);
    }
  }

  private void dispatch(Consumer<SseEvent> events) {
    if (dataSeen || id != null || retry != null) {
      events.accept(
          new SseEvent(
              id,
              type == null || type.isEmpty() ? SseEvent.MESSAGE : type,
              retry,
              data.toByteArray()));
    }
    data.reset();
    dataSeen = false;
    id = null;
    type = null;
    retry = null;
  }

  private static @Nullable String visibleAscii(byte[] text, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] < 0x21 || text[i] > 0x7E) {
        return null;
      }
    }
    return from == text.length
        ? null
        : new String(text, from, text.length - from, StandardCharsets.US_ASCII);
  }

  private static @Nullable Long digits(byte[] text, int from) {
    if (from == text.length || text.length - from > 9) {
      return null;
    }
    long n = 0;
    for (int i = from; i < text.length; i++) {
      if (text[i] < '0' || text[i] > '9') {
        return null;
      }
      n = n * 10 + (text[i] - '0');
    }
    return n;
  }
}
