package io.outrider.frontend.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpUtil;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.Fault;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a client may send and must accept (MCP transports, "sending messages").
final class MediaTypes {

  /// What nearly every client sends (MCP transports), word for word.
  private static final String BOTH = "application/json, text/event-stream";

  private static final String JSON = "application/json";

  private MediaTypes() {}

  static @Nullable Refusal check(HttpHeaders headers) {
    List<String> types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
    if (types.size() != 1) {
      return unsupported(
          "found " + types.size() + " Content-Type headers (expected: application/json)");
    }
    if (!types.getFirst().equals(JSON)) {
      Refusal refusal = otherThanJson(types.getFirst());
      if (refusal != null) {
        return refusal;
      }
    }
    String encoding = headers.get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return unsupported("found a Content-Encoding (expected: none)");
    }
    boolean both =
        BOTH.equals(headers.get(HttpHeaderNames.ACCEPT))
            || (accepts(headers, JSON) && accepts(headers, "text/event-stream"));
    return both
        ? null
        : new Refusal.Malformed(
            Fault.NOT_ACCEPTABLE,
            "found Accept without application/json and text/event-stream (expected: both)");
  }

  /// JSON in other words, or a refusal.
  private static @Nullable Refusal otherThanJson(String contentType) {
    CharSequence type = HttpUtil.getMimeType(contentType);
    // Only this type: it also keeps browsers from sending without asking first (CORS).
    if (type == null || !JSON.equalsIgnoreCase(type.toString().strip())) {
      return unsupported("found another Content-Type (expected: application/json)");
    }
    CharSequence charset = HttpUtil.getCharsetAsSequence(contentType);
    boolean utf8 =
        charset == null || "utf-8".equalsIgnoreCase(charset.toString().replace("\"", "").strip());
    return utf8
        ? null
        : unsupported("found another charset (expected: " + StandardCharsets.UTF_8 + ")");
  }

  static boolean acceptsEvents(HttpHeaders headers) {
    return accepts(headers, "text/event-stream");
  }

  private static boolean accepts(HttpHeaders headers, String type) {
    for (String header : headers.getAll(HttpHeaderNames.ACCEPT)) {
      for (String range : header.toLowerCase(Locale.ROOT).split(",", -1)) {
        String name = range.split(";", 2)[0].strip();
        if (name.equals(type)
            || name.equals("*/*")
            || (name.endsWith("/*") && type.startsWith(name.substring(0, name.length() - 1)))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Refusal unsupported(String detail) {
    return new Refusal.Malformed(Fault.MEDIA_TYPE, detail);
  }
}
