package io.outrider.sinks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Later;
import io.outrider.sinks.Refused;
import io.outrider.sinks.TestLog;
import io.outrider.sinks.net.Poster;
import io.outrider.sinks.net.TestKeys;
import io.outrider.sinks.net.Tls;
import io.outrider.sinks.net.Web;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class HttpSinkTest {
  @TempDir private Path temp;
  private TestLog log;
  private Web web;

  @BeforeEach
  void start() throws Exception {
    log = new TestLog(temp);
    log.write(300);
    web = new Web();
  }

  @AfterEach
  void stop() {
    web.close();
  }

  @Test
  void aDeliveryIsOneRequestOfLines() throws Exception {
    Poster.Endpoint endpoint =
        web.endpoint("/in", Map.of("Authorization", "Bearer t0k3n"), true, Duration.ofSeconds(20));
    try (HttpSink sink = new HttpSink(endpoint, HttpSink.Format.JSON_LINES)) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
    }

    List<String> lines = new ArrayList<>();
    for (Web.Got got : web.got) {
      lines.addAll(new String(got.body(), StandardCharsets.UTF_8).lines().toList());
    }
    assertThat(lines).isEqualTo(log.lines());
    Web.Got second = web.got.get(1);
    assertThat(second.path()).isEqualTo("/in");
    assertThat(second.header("Content-type")).isEqualTo("application/x-ndjson");
    assertThat(second.header("Authorization")).isEqualTo("Bearer t0k3n");
    assertThat(second.header("Idempotency-key")).isEqualTo("example.com/sinks/100-200");
    assertThat(second.header("Outrider-from")).isEqualTo("100");
    assertThat(second.header("Outrider-to")).isEqualTo("200");
    assertThat(endpoint.toString()).doesNotContain("t0k3n");
  }

  @Test
  void cloudEventsHaveIdSourceTypeAndTheLineAsData() throws Exception {
    Delivery delivery = log.deliveries(3).getFirst();
    try (HttpSink sink = new HttpSink(web.endpoint("/ce"), HttpSink.Format.CLOUD_EVENTS)) {
      sink.deliver(delivery);
    }

    Web.Got got = web.got.getFirst();
    assertThat(got.header("Content-type")).isEqualTo("application/cloudevents-batch+json");
    String body = new String(got.body(), StandardCharsets.UTF_8);
    int events = 0;
    try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), body)) {
      assertThat(json.nextToken()).isEqualTo(JsonToken.START_ARRAY);
      while (json.nextToken() == JsonToken.START_OBJECT) {
        List<String> names = new ArrayList<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
          names.add(json.currentName());
          json.nextToken();
          switch (names.getLast()) {
            case "id", "sequence" -> assertThat(json.getString()).isEqualTo("" + events);
            case "source" ->
                assertThat(json.getString()).isEqualTo("urn:outrider:example.com/sinks");
            case "type" -> assertThat(json.getString()).isEqualTo("io.outrider.audit.event.v1");
            default -> json.skipChildren();
          }
        }
        assertThat(names)
            .containsExactly(
                "specversion",
                "id",
                "source",
                "type",
                "datacontenttype",
                "sequence",
                "partitionkey",
                "time",
                "data");
        events++;
      }
      assertThat(json.nextToken()).isNull();
    }
    assertThat(events).isEqualTo(3);
    assertThat(body).contains("\"data\":" + log.lines().get(2) + "}");
  }

  private void deliver(Poster.Endpoint endpoint) throws Exception {
    try (HttpSink sink = new HttpSink(endpoint, HttpSink.Format.JSON_LINES)) {
      sink.deliver(log.deliveries(10).getFirst());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 413, 415, 422})
  void whatTheReceiverWillNeverTakeIsRefused(int status) {
    web.says.add(new Web.Say(status, Map.of(), "field x".getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(() -> deliver(web.endpoint("/")))
        .isInstanceOf(Refused.class)
        .hasMessage("HTTP " + status + ": field x");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 401, 403, 404, 500, 502, 503})
  void whatMayPassIsTriedAgainAndNoRedirectIsFollowed(int status) {
    web.says.add(new Web.Say(status, Map.of("Location", "/elsewhere"), new byte[0]));

    assertThatThrownBy(() -> deliver(web.endpoint("/")))
        .isInstanceOf(IOException.class)
        .hasMessage("HTTP " + status);
    assertThat(web.got).hasSize(1);
  }

  @Test
  void aReceiverMayAskForTime() {
    web.says.add(new Web.Say(429, Map.of("Retry-After", "7"), new byte[0]));

    assertThatThrownBy(() -> deliver(web.endpoint("/"))).isInstanceOf(Later.class);
  }

  @Test
  void aReceiverThatNeverAnswersIsGivenUp() {
    web.says.add(Web.Say.status(0));

    assertThatThrownBy(() -> deliver(web.endpoint("/", Map.of(), false, Duration.ofMillis(200))))
        .isInstanceOf(IOException.class);
  }

  @Test
  void overHttpsOnlyTheNamedAuthorityIsTrusted() throws Exception {
    TestKeys keys = TestKeys.in(temp, "receiver");
    try (Web secured = Web.secured(Tls.context(null, keys.cert(), keys.key()))) {
      deliver(secured.securely(keys.cert()));
      assertThat(secured.got).hasSize(1);

      assertThatThrownBy(() -> deliver(secured.securely(null)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("certification path");
      assertThat(secured.got).hasSize(1);
    }
  }

  @Test
  void anAnswerOfAnySizeIsAnAcknowledgement() throws Exception {
    web.says.add(new Web.Say(200, Map.of(), new byte[1 << 20]));

    deliver(web.endpoint("/"));

    assertThat(web.got).hasSize(1);
  }

  @Test
  void nobodyThereIsAnError() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Poster.Endpoint nobody =
        new Poster.Endpoint(
            URI.create("http://127.0.0.1:" + port), Map.of(), false, null, Duration.ofSeconds(5));

    assertThatThrownBy(() -> deliver(nobody))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + port);
  }
}
