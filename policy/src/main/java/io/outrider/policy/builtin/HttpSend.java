package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoJsonException;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `http.send`. Off until it is named, and never on an event loop: it waits for the answer.
///
/// Equal requests of one evaluation are sent once. Answers are kept between evaluations where the
/// request says so (`force_cache`), or where it asks to (`cache`) and the server allows it with
/// `max-age`. Options about certificates and files are refused: trust is the JDK's.
final class HttpSend {
  /// Longer answers are refused; it is OPA's habit to put whole documents into `data` instead.
  static final int MAX_BODY = 4 << 20;

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_ATTEMPTS = 5;

  private static final class Clients {
    static final HttpClient PLAIN =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    /// Follows redirects, but not from https to http.
    static final HttpClient FOLLOWING =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  }

  private static final HttpCache CACHE = new HttpCache();

  private HttpSend() {}

  private record Sent(RegoObject request) {}

  /// An answer of the network that is none.
  private static final class NetworkException extends RuntimeException {
    NetworkException(String message) {
      super(message, null, false, false);
    }
  }

  static void register(Registry r) {
    r.any("http.send", (cx, a) -> send(cx, Args.object(a[0], 1)));
  }

  private static RegoValue send(BuiltinContext cx, RegoObject request) {
    HttpRequests.checkKeys(request, 1);
    for (RegoObject.Entry entry : request) {
      String key = entry.key() instanceof RegoString s ? s.value() : "";
      if (key.startsWith("tls_") && !key.equals("tls_use_system_certs")) {
        throw Args.error(key + " is not supported (expected: certificates the JDK trusts)");
      }
    }
    boolean raises = flag(request, "raise_error", true);
    HttpRequest http = http(request);
    try {
      return cx.remember(new Sent(request), s -> cached(cx, request, http));
    } catch (NetworkException e) {
      if (raises) {
        throw Args.error(String.valueOf(e.getMessage()));
      }
      return RegoObject.builder()
          .put("status_code", 0)
          .put(
              "error",
              RegoObject.builder()
                  .put("code", "eval_http_send_network_error")
                  .put("message", String.valueOf(e.getMessage()))
                  .build())
          .build();
    }
  }

  private static RegoObject cached(BuiltinContext cx, RegoObject request, HttpRequest http) {
    boolean forced = flag(request, "force_cache", false);
    boolean cached = forced || flag(request, "cache", false);
    RegoObject known = cached ? CACHE.get(request, cx.timeNanos()) : null;
    if (known != null) {
      return known;
    }
    HttpResponse<InputStream> response = exchange(request, http);
    RegoObject answer = answer(request, response);
    if (cached) {
      long seconds = forced ? number(request, "force_cache_duration_seconds", 0) : maxAge(response);
      CACHE.put(request, answer, cx.timeNanos(), seconds);
    }
    return answer;
  }

  private static long maxAge(HttpResponse<?> response) {
    String control =
        response.headers().firstValue("cache-control").orElse("").toLowerCase(Locale.ROOT);
    if (control.contains("no-store") || control.contains("no-cache")) {
      return 0;
    }
    for (String part : control.split(",", -1)) {
      if (part.strip().matches("max-age=[0-9]{1,9}")) {
        return Long.parseLong(part.strip().substring("max-age=".length()));
      }
    }
    return 0;
  }

  private static HttpRequest http(RegoObject request) {
    String url = text(request, "url");
    String method = text(request, "method").toUpperCase(Locale.ROOT);
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw Args.error("parse " + GoQuote.string(url, false) + ": " + e.getMessage());
    }
    if (!"http".equals(uri.getScheme()) && !"https".equals(uri.getScheme())) {
      throw Args.error("unsupported protocol scheme " + GoQuote.string(url, false));
    }
    try {
      HttpRequest.Builder http =
          HttpRequest.newBuilder(uri).timeout(timeout(request.get("timeout")));
      http.method(method, body(request));
      RegoValue headers = request.get("headers");
      if (headers != null) {
        for (RegoObject.Entry header : Args.object(headers, 1)) {
          if (!(header.key() instanceof RegoString name)
              || !(header.value() instanceof RegoString value)) {
            throw Args.error("invalid type for headers value");
          }
          http.header(name.value(), value.value());
        }
      }
      return http.build();
    } catch (IllegalArgumentException e) {
      throw Args.error(String.valueOf(e.getMessage()));
    }
  }

  private static HttpRequest.BodyPublisher body(RegoObject request) {
    RegoValue raw = request.get("raw_body");
    if (raw != null) {
      return HttpRequest.BodyPublishers.ofString(Args.string(raw, 1));
    }
    RegoValue body = request.get("body");
    return body == null
        ? HttpRequest.BodyPublishers.noBody()
        : HttpRequest.BodyPublishers.ofString(RegoJson.marshal(body));
  }

  private static Duration timeout(@Nullable RegoValue value) {
    Duration timeout =
        switch (value) {
          case null -> DEFAULT_TIMEOUT;
          case RegoNumber n when n.isLong() -> Duration.ofNanos(n.asLong());
          case RegoString s -> Duration.ofNanos(GoDuration.parse(s.value()));
          default -> throw Args.error("'timeout' must be one of {string, number}");
        };
    if (timeout.isZero()) {
      return DEFAULT_TIMEOUT;
    }
    if (timeout.isNegative()) {
      throw Args.error("timeout: " + timeout + " (expected: more than 0)");
    }
    return timeout;
  }

  private static HttpResponse<InputStream> exchange(RegoObject request, HttpRequest http) {
    HttpClient client = flag(request, "enable_redirect", false) ? Clients.FOLLOWING : Clients.PLAIN;
    long attempts = 1 + Math.clamp(number(request, "max_retry_attempts", 0), 0, MAX_ATTEMPTS);
    for (long attempt = 1; ; attempt++) {
      try {
        return client.send(http, HttpResponse.BodyHandlers.ofInputStream());
      } catch (IOException e) {
        if (attempt >= attempts) {
          throw new NetworkException(
              http.method()
                  + " "
                  + http.uri()
                  + ": "
                  + (e.getMessage() == null ? e : e.getMessage()));
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NetworkException("interrupted");
      }
    }
  }

  private static RegoObject answer(RegoObject request, HttpResponse<InputStream> response) {
    String raw;
    try (InputStream in = response.body()) {
      byte[] bytes = in.readNBytes(MAX_BODY + 1);
      if (bytes.length > MAX_BODY) {
        throw new NetworkException("response of more than " + MAX_BODY + " bytes");
      }
      raw = new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new NetworkException("response: " + e.getMessage());
    }
    RegoObject.Builder headers = RegoObject.builder();
    for (Map.Entry<String, List<String>> header : response.headers().map().entrySet()) {
      headers.put(
          header.getKey().toLowerCase(Locale.ROOT),
          RegoArray.of(header.getValue().stream().map(RegoString::of).toList()));
    }
    int code = response.statusCode();
    return RegoObject.builder()
        .put("status", code + " " + HttpStatus.text(code))
        .put("status_code", code)
        .put("headers", headers.build())
        .put("raw_body", raw)
        .put("body", decoded(request, response, raw))
        .build();
  }

  private static RegoValue decoded(RegoObject request, HttpResponse<?> response, String raw) {
    String type = response.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    boolean forcedJson = flag(request, "force_json_decode", false);
    if (forcedJson || type.contains("application/json")) {
      try {
        return RegoJson.read(raw);
      } catch (RegoJsonException e) {
        return RegoNull.NULL;
      }
    }
    if (flag(request, "force_yaml_decode", false) || type.contains("yaml")) {
      try {
        return YamlReader.read(
            new BuiltinContext(0, 0, new PatternCache(), BuiltinContext.Budget.UNLIMITED), raw);
      } catch (BuiltinException e) {
        return RegoNull.NULL;
      }
    }
    return RegoNull.NULL;
  }

  private static String text(RegoObject request, String key) {
    if (request.get(key) instanceof RegoString s) {
      return s.value();
    }
    throw Args.error(GoQuote.string(key, false) + " must be a string");
  }

  private static boolean flag(RegoObject request, String key, boolean byDefault) {
    return switch (request.get(key)) {
      case null -> byDefault;
      case RegoBoolean b -> b.value();
      default -> throw Args.error("invalid value for " + key + " field");
    };
  }

  private static long number(RegoObject request, String key, long byDefault) {
    return switch (request.get(key)) {
      case null -> byDefault;
      case RegoNumber n when n.isLong() -> n.asLong();
      default -> throw Args.error("invalid value for " + key + " field");
    };
  }
}
