package io.outrider.app.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.ProofFile;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Decision.Verdict;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import io.outrider.audit.verify.InclusionProver;
import io.outrider.settings.ConsoleSettings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The console over a real socket and a real log.
class ConsoleTest {
  private static final String HOSTILE = "<img src=x>\u202e\u001b[2J\u0000";
  private static final String TOKEN = "ork_a-token-of-a-reviewer";
  private static final String DIGEST = "a".repeat(64);
  private static final Instant START = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir Path dir;

  private final List<Event> recorded = new CopyOnWriteArrayList<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(START.plus(Duration.ofHours(1)));
  private volatile boolean refusing;
  private final HttpClient client = HttpClient.newHttpClient();
  private @Nullable HttpServer server;
  private @Nullable Console console;
  private @Nullable VerifierKey key;

  @AfterEach
  void stop() {
    client.close();
    if (console != null) {
      console.close();
    }
    if (server != null) {
      server.stop(0);
    }
  }

  // ---- the log

  private static byte[] policy() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    for (String part : List.of("module", "main.rego", "package outrider\n\ndeny := true\n")) {
      out.writeInt(part.length());
      out.writeBytes(part);
    }
    return bytes.toByteArray();
  }

  private static CallFacts facts(String callId, int second, String user, String tool) {
    return new CallFacts(
        callId,
        START.plusSeconds(second),
        new Principal(user, "user", "jwt"),
        new Client("cursor", "1.0"),
        new Source("http", "10.0.0.1:5000", null, "s-1", "1", null),
        new Target("modern", "2025-11-25", "files", "tools/call", tool, null),
        new Payload(10, DIGEST, "{\"path\":\"/etc/motd\"}"));
  }

  private static Decision decision(Verdict verdict) throws IOException {
    return new Decision(
        verdict,
        List.of(new Rule("data.outrider.deny", "main.rego", 3)),
        PolicyContent.digest(policy()),
        "sha256:" + DIGEST,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        1_000,
        0);
  }

  /// Ten calls, one of them by a caller and of a tool whose names mean harm, and one denied.
  private Path log() throws Exception {
    Path folder = dir.resolve("log");
    try (AuditLog log = AuditLog.recover(AuditOptions.in(folder)).start(Map.of(), policy())) {
      key = log.publicKey();
      for (int i = 0; i < 10; i++) {
        String tool = i == 5 ? HOSTILE : "tool_" + i % 3;
        append(
            log, new Intent(facts("call-" + i, i, "user" + i % 2, tool), decision(Verdict.ALLOW)));
        append(
            log,
            new Outcome(
                "call-" + i,
                START.plusSeconds(i).plusMillis(5),
                OptionalLong.empty(),
                "completed",
                1_000_000,
                5_000_000,
                false,
                OptionalInt.empty(),
                Payload.of(20, DIGEST),
                List.of(),
                null));
      }
      append(
          log,
          new Refusal(
              facts("call-denied", 20, "user1", "tool_0"),
              "refused.denied",
              List.of("not " + HOSTILE),
              decision(Verdict.DENY)));
    }
    return folder;
  }

  private static void append(AuditLog log, AuditRecord record) throws Exception {
    CompletableFuture<Receipt> done = new CompletableFuture<>();
    log.append(
        record,
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            done.complete(receipt);
          }

          @Override
          public void failed(AuditUnavailable reason) {
            done.completeExceptionally(new IOException(reason.detail()));
          }
        });
    done.get(30, TimeUnit.SECONDS);
  }

  // ---- the console

  private void start(Path folder, boolean loopback, List<ConsoleSettings.Token> tokens)
      throws Exception {
    HttpServer made =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server = made;
    console =
        Console.on(
            made,
            new Console.Setup(
                folder,
                key(),
                false,
                loopback,
                tokens,
                "nobody in particular",
                this::record,
                "0-test",
                now::get));
    made.start();
  }

  private void record(Event.Kind kind, Map<String, String> fields) throws NotRecordedException {
    if (refusing) {
      throw new NotRecordedException("the disk is full");
    }
    recorded.add(new Event(kind, now.get(), fields));
  }

  private VerifierKey key() {
    return Objects.requireNonNull(key);
  }

  private int port() {
    return Objects.requireNonNull(server).getAddress().getPort();
  }

  private void startOpen() throws Exception {
    start(log(), true, List.of());
    awaitIndex();
  }

  private void startWithToken() throws Exception {
    start(log(), false, List.of(token()));
  }

  private static ConsoleSettings.Token token() throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(TOKEN.getBytes(StandardCharsets.UTF_8));
    return new ConsoleSettings.Token("rita", HexFormat.of().formatHex(digest));
  }

  private HttpResponse<String> get(String path, String... headers) throws Exception {
    return send("GET", path, headers);
  }

  private HttpResponse<String> send(String method, String path, String... headers)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode json(String path, String... headers) throws Exception {
    HttpResponse<String> response = get("/console/api/" + path, headers);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(response.body());
  }

  private static String q(String query) {
    return "q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  /// The index is made on another thread; each question asks it to go on.
  private void awaitIndex() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (json("status").path("index").path("records").asLong() < 20) {
      assertThat(System.nanoTime()).as("the index was not there in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private JsonNode verified() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    JsonNode state = json("verify?start=true");
    while (state.path("running").asBoolean()) {
      assertThat(System.nanoTime()).as("the check did not end in time").isLessThan(deadline);
      Thread.onSpinWait();
      state = json("verify");
    }
    return state.path("last");
  }

  // ---- what it shows

  @Test
  void pagesHoldCallsNewestFirstAndGoOnByCursor() throws Exception {
    startOpen();

    JsonNode first = json("calls?limit=4&" + q("kind:call"));
    JsonNode second =
        json("calls?limit=100&cursor=" + first.path("next").asString() + "&" + q("kind:call"));

    assertThat(first.path("rows").get(0).path("call").asString()).isEqualTo("call-denied");
    assertThat(first.path("rows").size()).isEqualTo(4);
    assertThat(second.path("rows").size()).isEqualTo(7);
    assertThat(second.has("next")).isFalse();
    assertThat(second.path("rows").get(6).path("latency_ns").asLong()).isEqualTo(5_000_000);
  }

  @Test
  void filtersCountsFacetsAndBucketsAgree() throws Exception {
    startOpen();

    assertThat(json("count?" + q("kind:call user:user1")).path("count").asInt()).isEqualTo(6);
    JsonNode facets = json("facets?fields=verdict,user&" + q("kind:call"));
    assertThat(facets.path("verdict").get(0).path("value").asString()).isEqualTo("allow");
    assertThat(facets.path("verdict").get(0).path("count").asInt()).isEqualTo(10);
    assertThat(facets.path("user").size()).isEqualTo(2);
    int total = 0;
    for (JsonNode bucket : json("histogram?buckets=50&" + q("kind:call")).path("buckets")) {
      for (JsonNode count : bucket.path("counts")) {
        total += count.asInt();
      }
    }
    assertThat(total).isEqualTo(11);
  }

  @Test
  void aCallComesWithItsRecordsProofsKeptTextAndPolicy() throws Exception {
    startOpen();

    JsonNode call = json("call?id=call-3");

    assertThat(call.path("records").size()).isEqualTo(2);
    JsonNode intent = call.path("records").get(0);
    assertThat(intent.path("proof").path("state").asString()).isEqualTo("proven");
    assertThat(intent.path("kept").toString()).contains("/etc/motd");
    String digest =
        JsonMapper.shared().readTree(intent.path("line").asString()).path("pol").asString();
    assertThat(json("policy?digest=" + digest).path("files").get(0).path("text").asString())
        .contains("deny := true");
    assertThat(get("/console/api/call?id=none").statusCode()).isEqualTo(404);
    assertThat(get("/console/api/policy?digest=sha256:" + "b".repeat(64)).statusCode())
        .isEqualTo(404);
  }

  @Test
  void aProofFileConvincesWithoutTheLog() throws Exception {
    startOpen();

    String proof = get("/console/api/proof?index=4").body();

    assertThat(
            InclusionProver.check(ProofFile.parse(proof.getBytes(StandardCharsets.UTF_8)), key())
                .index())
        .isEqualTo(4);
  }

  @Test
  void whatClientsAndServersSentIsInert() throws Exception {
    startOpen();

    HttpResponse<String> response = get("/console/api/calls?limit=100");

    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.body()).doesNotContain("\u202e", "\u001b", "\u0000");
    assertThat(JsonMapper.shared().readTree(response.body()).toString()).contains("<img src=x>");
  }

  @Test
  void aSelectionIsExportedAsItStandsInTheLog() throws Exception {
    startOpen();

    HttpResponse<String> response = get("/console/api/export?as=records&" + q("user:user0"));

    assertThat(response.headers().firstValue("Content-Disposition"))
        .hasValueSatisfying(value -> assertThat(value).startsWith("attachment"));
    List<String> lines = response.body().lines().toList();
    assertThat(lines).hasSize(10).allMatch(line -> line.startsWith("{\"boot\":"));
    assertThat(recorded)
        .filteredOn(event -> event.kind() == Event.Kind.EXPORT)
        .singleElement()
        .satisfies(event ->
            assertThat(event.fields())
                .containsEntry("asked", "user:user0")
                .containsEntry("count", "5"));
  }

  @Test
  void aSelectionIsExportedInEachFormat() throws Exception {
    startOpen();

    assertThat(get("/console/api/export?as=csv&" + q("user:user0")).body().lines()).hasSize(6);
    assertThat(get("/console/api/export?as=jsonl&" + q("user:user0")).body().lines()).hasSize(5);
    assertThat(get("/console/api/export?as=ocsf&" + q("user:user0")).body())
        .contains("API Activity", "0-test");
    assertThat(get("/console/api/export?as=evidence&" + q("call:call-1")).body())
        .startsWith("PK")
        .contains("VERIFY.md", "proofs/");
  }

  @Test
  void anExportThatBreaksOffIsNotTakenForWhole() throws Exception {
    startOpen();
    Path bundles = dir.resolve("log/tile/entries");
    try (var files = Files.walk(bundles)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        file.toFile().setWritable(true);
        Files.write(file, new byte[] {0, 5, 'x'});
      }
    }

    String answer;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket
          .getOutputStream()
          .write(
              "GET /console/api/export?as=records HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(answer).doesNotContain("\r\n0\r\n\r\n");
  }

  @Test
  void aBrokenLogIsToldWithItsFirstProblem() throws Exception {
    Path folder = log();
    Path bundle;
    try (var files = Files.walk(folder.resolve("tile/entries"))) {
      bundle = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    String text = Files.readString(bundle, StandardCharsets.ISO_8859_1);
    bundle.toFile().setWritable(true);
    Files.writeString(bundle, text.replaceFirst("user1", "user7"), StandardCharsets.ISO_8859_1);
    start(folder, true, List.of());

    JsonNode last = verified();

    assertThat(last.path("verdict").asString()).isEqualTo("tampered");
    assertThat(last.path("problems").get(0).path("what").asString()).isNotEmpty();
  }

  @Test
  void aSoundLogIsVerified() throws Exception {
    startOpen();

    JsonNode last = verified();

    assertThat(last.path("verdict").asString()).isEqualTo("ok");
    assertThat(last.path("key_from_folder").asBoolean()).isFalse();
    assertThat(last.path("checkpoint").path("root").asString()).hasSize(64);
  }

  // ---- how it asks and answers

  @Test
  void questionsThatMakeNoSenseAreRefusedWithWhatWasExpected() throws Exception {
    startOpen();

    assertThat(get("/console/api/calls?nonsense=1").body())
        .contains("parameter 'nonsense' (expected: q, cursor, order, limit)");
    assertThat(get("/console/api/calls?q=a&q=b").body()).contains("stands twice");
    assertThat(get("/console/api/calls?limit=501").statusCode()).isEqualTo(400);
    assertThat(get("/console/api/calls?cursor=x").body()).contains("expected:");
    assertThat(get("/console/api/calls?order=up").body()).contains("newest or oldest");
    assertThat(get("/console/api/calls?" + q("usr:x")).body()).contains("\"at\":0");
    assertThat(get("/console/api/calls?q=" + "x".repeat(9_000)).statusCode()).isEqualTo(414);
    assertThat(get("/console/api/facets?fields=nothing").body()).contains("expected: some of");
    assertThat(get("/console/api/histogram?from=yesterday").statusCode()).isEqualTo(400);
    assertThat(get("/console/api/export?as=exe").statusCode()).isEqualTo(400);
    assertThat(get("/console/api/nothing").statusCode()).isEqualTo(404);
    assertThat(get("/console/../secret").statusCode()).isEqualTo(404);
    assertThat(get("/console/package-info.class").statusCode()).isEqualTo(404);
    assertThat(send("POST", "/console/api/status").statusCode()).isEqualTo(405);
  }

  @Test
  void everyAnswerForbidsWhatAPageMustNotDo() throws Exception {
    startOpen();

    for (String path :
        List.of("/console/", "/console/main.js", "/console/api/status", "/console/x")) {
      HttpResponse<String> response = get(path);
      assertThat(response.headers().firstValue("Content-Security-Policy"))
          .hasValueSatisfying(policy ->
              assertThat(policy)
                  .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'none'")
                  .doesNotContain("unsafe"));
      assertThat(response.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(response.headers().firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }
    assertThat(get("/console").headers().firstValue("Location")).contains("console/");
  }

  @Test
  void otherSitesAndOtherNamesAreRefused() throws Exception {
    startOpen();

    assertThat(get("/console/api/status", "Sec-Fetch-Site", "cross-site").statusCode())
        .isEqualTo(403);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket
          .getOutputStream()
          .write(
              "GET /console/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
          .startsWith("HTTP/1.1 403");
    }
  }

  @Test
  void aVisitIsRecordedOnceAndEachCallThatIsOpened() throws Exception {
    startOpen();

    json("call?id=call-1");
    json("call?id=call-1");
    json("call?id=call-2");
    json("record?index=1");
    json("record?index=1");

    assertThat(recorded).hasSize(4);
    assertThat(recorded).allSatisfy(event -> assertThat(event.kind()).isEqualTo(Event.Kind.REVIEW));
    assertThat(recorded.getFirst().fields()).containsEntry("who", "nobody in particular");
    assertThat(recorded.get(2).fields()).containsEntry("call", "call-2");
    assertThat(recorded.get(3).fields()).containsEntry("record", "1");

    assertThat(get("/console/api/proof?index=1").statusCode()).isEqualTo(200);
    assertThat(recorded.get(4).kind()).isEqualTo(Event.Kind.EXPORT);
    assertThat(recorded.get(4).fields())
        .containsEntry("as", "tlog-proof")
        .containsEntry("record", "1");

    now.set(now.get().plus(Gate.IDLE).plusSeconds(1));
    json("status");
    assertThat(recorded).hasSize(6);
  }

  // ---- who may look

  @Test
  void whatCannotBeRecordedIsNotShown() throws Exception {
    startOpen();
    refusing = true;
    int before = recorded.size();
    for (String question :
        List.of("call?id=call-1", "record?index=2", "proof?index=2", "export?as=records")) {
      HttpResponse<String> refused = get("/console/api/" + question);
      assertThat(refused.statusCode()).as(question).isEqualTo(503);
      assertThat(refused.body())
          .as(question)
          .contains("the log cannot record that it is read: the disk is full")
          .doesNotContain("user1");
      assertThat(refused.headers().firstValue("Content-Disposition")).isEmpty();
    }
    assertThat(recorded).hasSize(before);

    refusing = false;
    json("call?id=call-1");
    assertThat(recorded.subList(before, recorded.size()))
        .singleElement()
        .satisfies(event -> assertThat(event.fields()).containsEntry("call", "call-1"));
  }

  @Test
  void aVisitThatCannotBeRecordedIsNone() throws Exception {
    refusing = true;
    startWithToken();

    assertThat(get("/console/api/status", "Authorization", "Bearer " + TOKEN).statusCode())
        .isEqualTo(503);
    HttpResponse<String> signIn = get("/console/api/sign-in", "Authorization", "Bearer " + TOKEN);
    assertThat(signIn.statusCode()).isEqualTo(503);
    assertThat(signIn.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(get("/console/api/status", "Authorization", "Bearer wrong").statusCode())
        .isEqualTo(401);

    refusing = false;
    assertThat(get("/console/api/status", "Authorization", "Bearer " + TOKEN).statusCode())
        .isEqualTo(200);
    assertThat(recorded).singleElement().extracting(Event::kind).isEqualTo(Event.Kind.REVIEW);
  }

  @Test
  void aRecordOfACallComesWithTheWholeCall() throws Exception {
    startOpen();
    long intent =
        json("calls?limit=1&" + q("call:call-1")).path("rows").get(0).path("index").asLong();

    JsonNode records = json("record?index=" + intent).path("records");

    assertThat(records).hasSize(2);
    assertThat(records.get(0).path("index").asLong()).isEqualTo(intent);
    assertThat(json("record?index=0").path("records")).hasSize(1);
  }

  @Test
  void askingForTheHeadersOfAnExportIsNoExport() throws Exception {
    startOpen();
    int before = recorded.size();

    assertThat(send("HEAD", "/console/api/export?as=records").statusCode()).isEqualTo(405);

    assertThat(recorded).hasSize(before);
    assertThat(send("HEAD", "/console/").statusCode()).isEqualTo(200);
  }

  @Test
  void beyondLoopbackNobodyLooksWithoutATokenBeingConfigured() throws Exception {
    start(log(), false, List.of());

    assertThat(get("/console/").statusCode()).isEqualTo(403);
    assertThat(get("/console/").body()).contains("admin.console.tokens");
    assertThat(get("/console/api/status").statusCode()).isEqualTo(403);
  }

  @Test
  void aTokenOpensASessionThatOnlyItsCookieCarries() throws Exception {
    startWithToken();

    assertThat(get("/console/").statusCode()).isEqualTo(200);
    assertThat(get("/console/api/status").statusCode()).isEqualTo(401);
    HttpResponse<String> in = get("/console/api/sign-in", "Authorization", "Bearer " + TOKEN);
    assertThat(in.statusCode()).isEqualTo(200);
    String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);

    String pair = cookie.substring(0, cookie.indexOf(';'));
    assertThat(json("status", "Cookie", pair).path("who").asString()).isEqualTo("rita");
    assertThat(json("status", "Authorization", "Bearer " + TOKEN).path("who").asString())
        .isEqualTo("rita");

    get("/console/api/sign-out", "Cookie", pair);
    assertThat(get("/console/api/status", "Cookie", pair).statusCode()).isEqualTo(401);
    assertThat(get("/console/api/status", "Cookie", Gate.COOKIE + "=guess").statusCode())
        .isEqualTo(401);
  }

  @Test
  void aSessionEndsWhenItsTimeIsOver() throws Exception {
    startWithToken();
    String cookie =
        get("/console/api/sign-in", "Authorization", "Bearer " + TOKEN)
            .headers()
            .firstValue("Set-Cookie")
            .orElseThrow();

    now.set(now.get().plus(Gate.IDLE).plusSeconds(1));

    assertThat(
            get("/console/api/status", "Cookie", cookie.substring(0, cookie.indexOf(';')))
                .statusCode())
        .isEqualTo(401);
  }

  @Test
  void wrongTokensAreRecordedAndSlowedDown() throws Exception {
    startWithToken();

    for (int i = 0; i < Throttle.PER_ADDRESS; i++) {
      assertThat(get("/console/api/sign-in", "Authorization", "Bearer guess").statusCode())
          .isEqualTo(401);
    }

    HttpResponse<String> slowed = get("/console/api/sign-in", "Authorization", "Bearer guess");
    assertThat(slowed.statusCode()).isEqualTo(429);
    assertThat(slowed.headers().firstValue("Retry-After")).contains("60");
    assertThat(recorded)
        .hasSize(Throttle.PER_ADDRESS)
        .allMatch(event -> event.kind() == Event.Kind.AUTH_FAILURE);
    assertThat(recorded.toString()).doesNotContain("guess");
    assertThat(get("/console/api/sign-in", "Authorization", "Bearer " + TOKEN).statusCode())
        .as("guesses of others do not shut out whoever has a token")
        .isEqualTo(200);
  }

  @Test
  void aProxyOnThisMachineIsNotSomebodyOnThisMachine() throws Exception {
    startOpen();

    assertThat(get("/console/api/status", "X-Forwarded-For", "203.0.113.9").statusCode())
        .isEqualTo(403);
    assertThat(get("/console/api/status", "Via", "1.1 front").body())
        .contains("admin.console.tokens");
  }
}
