package io.outrider.policy.builtin;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpSendTest {
  private static final long NOW = 1_795_827_600_000_000_000L;

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    answer("/json", "application/json", "{\"a\": [1, 2.50]}");
    answer("/text", "text/plain", "hi");
    answer("/big", "text/plain", "x".repeat(HttpSend.MAX_BODY + 1));
    server.createContext(
        "/echo",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          String head =
              exchange.getRequestMethod() + " " + exchange.getRequestHeaders().getFirst("X-A");
          byte[] all =
              (head + " " + new String(body, StandardCharsets.UTF_8))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, all.length);
          exchange.getResponseBody().write(all);
          exchange.close();
        });
    server.createContext(
        "/moved",
        exchange -> {
          exchange.getResponseHeaders().add("Location", "/text");
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.start();
  }

  private void answer(String path, String type, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    server.createContext(
        path,
        exchange -> {
          requests.incrementAndGet();
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(200, bytes.length);
          try (exchange) {
            exchange.getResponseBody().write(bytes);
          } catch (IOException e) {
            // The client may have seen enough.
            exchange.close();
          }
        });
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private static BuiltinContext evaluation(long now) {
    return new BuiltinContext(now, 1, new PatternCache(), BuiltinContext.Budget.UNLIMITED);
  }

  private RegoObject send(BuiltinContext cx, String path, String more) {
    Builtin send = requireNonNull(Builtins.enabling(List.of("http.send")).find("http.send"));
    String json =
        "{\"method\": \"get\", \"url\": \"http://127.0.0.1:%d%s\"%s}"
            .formatted(server.getAddress().getPort(), path, more);
    return (RegoObject) requireNonNull(send.call(cx, RegoJson.read(json)));
  }

  @Test
  void bodiesOfJsonAreReadAndOthersAreNot() {
    RegoObject json = send(evaluation(NOW), "/json", "");
    RegoObject text = send(evaluation(NOW), "/text", "");

    assertThat(json.get("body")).isEqualTo(RegoJson.read("{\"a\": [1, 2.5]}"));
    assertThat(json.get("status")).isEqualTo(RegoString.of("200 OK"));
    assertThat(text.get("body")).isEqualTo(RegoJson.read("null"));
    assertThat(text.get("raw_body")).isEqualTo(RegoString.of("hi"));
    assertThat(((RegoObject) requireNonNull(text.get("headers"))).get("content-type"))
        .isEqualTo(RegoJson.read("[\"text/plain\"]"));
  }

  @Test
  void bodyAndHeadersAreSent() {
    RegoObject echo =
        send(
            evaluation(NOW),
            "/echo",
            ", \"method\": \"post\", \"body\": {\"b\": 1}, \"headers\": {\"X-A\": \"h\"}");

    assertThat(echo.get("raw_body")).isEqualTo(RegoString.of("POST h {\"b\":1}"));
  }

  @Test
  void redirectsAreFollowedWhenAsked() {
    assertThat(send(evaluation(NOW), "/moved", "").get("status_code"))
        .isEqualTo(RegoJson.read("302"));
    assertThat(send(evaluation(NOW), "/moved", ", \"enable_redirect\": true").get("raw_body"))
        .isEqualTo(RegoString.of("hi"));
  }

  @Test
  void equalRequestsOfOneEvaluationAreSentOnce() {
    BuiltinContext cx = evaluation(NOW);
    send(cx, "/text", "");
    send(cx, "/text", "");
    assertThat(requests).hasValue(1);

    send(evaluation(NOW), "/text", "");
    assertThat(requests).hasValue(2);
  }

  @Test
  void forcedCacheOutlivesTheEvaluationUntilItsTimeIsUp() {
    String forced = ", \"force_cache\": true, \"force_cache_duration_seconds\": 60";
    send(evaluation(NOW), "/text", forced);
    send(evaluation(NOW + 59_000_000_000L), "/text", forced);
    assertThat(requests).hasValue(1);

    send(evaluation(NOW + 60_000_000_000L), "/text", forced);
    assertThat(requests).hasValue(2);
  }

  @Test
  void whatIsTooLongOrNotThereIsAnErrorOrSaysSo() {
    assertThatThrownBy(() -> send(evaluation(NOW), "/big", ""))
        .isInstanceOf(BuiltinException.class)
        .hasMessageContaining("response of more than");
    RegoObject failed = send(evaluation(NOW), "/big", ", \"raise_error\": false");
    assertThat(failed.get("status_code")).isEqualTo(RegoJson.read("0"));
    RegoValue error = requireNonNull(failed.get("error"));
    assertThat(((RegoObject) error).get("code"))
        .isEqualTo(RegoString.of("eval_http_send_network_error"));
  }

  @Test
  void optionsThatAreNotThereAreRefused() {
    assertThatThrownBy(() -> send(evaluation(NOW), "/text", ", \"bad\": 1"))
        .hasMessageContaining("invalid request parameters(s): {\"bad\"}");
    assertThatThrownBy(() -> send(evaluation(NOW), "/text", ", \"tls_ca_cert\": \"x\""))
        .hasMessageContaining("tls_ca_cert is not supported");
  }

  @Test
  void functionsThatWaitAreAmongThoseThatAreOff() {
    assertThat(Builtins.off()).containsAll(Builtins.waiting());
  }
}
