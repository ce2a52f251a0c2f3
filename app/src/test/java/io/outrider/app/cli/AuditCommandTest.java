package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Decision.Verdict;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AuditCommandTest {
  private static final String CALL = "0190b2e0-7c3a-7000-8000-000000000001";

  @TempDir private Path folder;

  @BeforeEach
  void aLogWithOneRefusal() throws Exception {
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder.resolve("var/audit")))) {
      append(
          log,
          new Refusal(
              new CallFacts(
                  CALL,
                  Instant.now(),
                  new Principal("ann", "user", "api_key"),
                  Client.UNKNOWN,
                  Source.of("http", "127.0.0.1"),
                  new Target("legacy", "2025-06-18", "files", "tools/call", "delete", null),
                  Payload.NONE),
              "refused.denied",
              List.of("no_delete", "deleting is not allowed"),
              new Decision(
                  Verdict.DENY,
                  List.of(new Rule("data.outrider.deny", "main.rego", 7)),
                  null,
                  null,
                  List.of(),
                  List.of(),
                  Map.of(),
                  List.of(),
                  1,
                  0)));
    }
  }

  private static void append(AuditLog log, AuditRecord record) throws Exception {
    CompletableFuture<Receipt> written = new CompletableFuture<>();
    log.append(
        record,
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            written.complete(receipt);
          }

          @Override
          public void failed(AuditUnavailable reason) {
            written.completeExceptionally(new IllegalStateException(reason.detail()));
          }
        });
    written.get(10, TimeUnit.SECONDS);
  }

  private String publicKey() throws Exception {
    return Files.readString(folder.resolve("var/audit/log.vkey")).strip();
  }

  @Test
  void anIntactLogVerifiesAndSaysWhoseKeyItBelieved() throws Exception {
    Ran own = Ran.in(folder, "audit", "verify");
    assertThat(own.status()).isZero();
    assertThat(own.out()).startsWith("OK  ").contains("1 refusal", "the key is the folder's own");

    Ran given = Ran.in(folder, "audit", "verify", "--key", publicKey());
    assertThat(given.status()).isZero();
    assertThat(given.out()).doesNotContain("the folder's own");
  }

  @Test
  void aReviewerNeedsNoneOfTheCredentialsTheConfigurationNames() throws Exception {
    Path elsewhere = folder.resolve("elsewhere");
    Files.move(folder.resolve("var/audit"), elsewhere);
    Files.writeString(
        folder.resolve("outrider.yaml"),
        """
        upstreams: { a: { url: "https://a.test/mcp", headers: { Authorization: "Bearer ${env:NOT_SET}" } } }
        audit: { directory: elsewhere }
        """);
    assertThat(Ran.in(folder, "audit", "verify").out()).startsWith("OK  ");

    Files.writeString(folder.resolve("outrider.yaml"), "audit: { directori: elsewhere }\n");
    Ran broken = Ran.in(folder, "audit", "verify");
    assertThat(broken.status()).isEqualTo(2);
    assertThat(broken.err()).contains("audit.directori: unknown key");
  }

  @Test
  void aChangedByteIsFoundAndExitsWithOne() throws Exception {
    try (Stream<Path> files = Files.walk(folder.resolve("var/audit"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (text.contains("no_delete")) {
          Files.writeString(
              file, text.replace("no_delete", "no_trace!"), StandardCharsets.ISO_8859_1);
        }
      }
    }

    Ran ran = Ran.in(folder, "audit", "verify");

    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).startsWith("TAMPERED");
  }

  @Test
  void verificationAsJson() {
    var json =
        JsonMapper.shared().readTree(Ran.in(folder, "audit", "verify", "--format", "json").out());

    assertThat(json.get("verdict").asString()).isEqualTo("ok");
    assertThat(json.at("/counts/refusal").asInt()).isEqualTo(1);
    assertThat(json.get("problems")).isEmpty();
  }

  @Test
  void queriesFindByEveryPart() {
    assertThat(
            query("--tool", "delete", "--principal", "ann", "--verdict", "deny", "--since", "1h"))
        .contains("refused.denied", "main.rego:7");
    assertThat(query("--outcome", "refused")).contains(CALL);
    assertThat(query("--tool", "other")).isEmpty();
    assertThat(query("--until", "1h")).isEmpty();
    assertThat(query("--kind", "refusal", "--format", "json"))
        .startsWith("{")
        .contains("\"why\":[\"no_delete\"");
  }

  @Test
  void queryUnderstandsTheWordsOfASearchAndSaysWhenNothingFits() {
    assertThat(query("--verdict", "denied", "--outcome", "denied")).contains(CALL);
    assertThat(Ran.in(folder, "audit", "query", "--verdict", "refused").err())
        .contains("--verdict: refused (expected: one of allow, deny");
    assertThat(Ran.in(folder, "audit", "query", "--kind", "started").err())
        .contains("--kind: started (expected: one of intent");
    assertThat(query("--kind", "start")).contains("start");
    assertThat(Ran.in(folder, "audit", "query", "--tool", "other").err()).contains("nothing fits");
  }

  private String query(String... filters) {
    return Ran.in(
            folder,
            Stream.concat(Stream.of("audit", "query"), Stream.of(filters)).toArray(String[]::new))
        .out();
  }

  @Test
  void aTimeThatIsNoneIsAUsageError() {
    Ran ran = Ran.in(folder, "audit", "query", "--since", "yesterday");

    assertThat(ran.status()).isEqualTo(2);
    assertThat(ran.err()).contains("--since", "yesterday");
  }

  @Test
  void tailShowsTheLastRecords() {
    assertThat(Ran.in(folder, "audit", "tail", "-n", "1").out().lines()).hasSize(1);
    assertThat(Ran.in(folder, "audit", "tail", "--tool", "delete").out())
        .contains("refused.denied");
  }

  @Test
  void showProvesARecordAndTheProofStandsOnItsOwn() throws Exception {
    Ran shown = Ran.in(folder, "audit", "show", CALL, "--proof", "proof.txt");
    assertThat(shown.out()).contains("refused.denied", "proven: ");

    Ran checked = Ran.in(folder, "audit", "verify", "--proof", "proof.txt", "--key", publicKey());
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).startsWith("OK  the record is in the log").contains("refused.denied");

    Files.writeString(
        folder.resolve("proof.txt"),
        Files.readString(folder.resolve("proof.txt")).replaceFirst("index \\d+", "index 0"));
    assertThat(
            Ran.in(folder, "audit", "verify", "--proof", "proof.txt", "--key", publicKey())
                .status())
        .isEqualTo(1);
  }

  @Test
  void proveWritesAProofAndVerifyTakesItByName() throws Exception {
    assertThat(Ran.in(folder, "audit", "prove", "2").err()).contains("written to 2.tlog-proof");
    Ran checked = Ran.in(folder, "audit", "verify", "2.tlog-proof", "--vkey", publicKey());
    assertThat(checked.status()).isZero();
    assertThat(checked.out()).contains("the record is in the log", "refused.denied");

    assertThat(Ran.in(folder, "audit", "verify", "2.tlog-proof").err())
        .contains("needs the log's public key with --key");
    assertThat(Ran.in(folder, "audit", "prove", "2", "-o", "-").out())
        .startsWith("c2sp.org/tlog-proof@v1");
    assertThat(Ran.in(folder, "audit", "prove", "99").status()).isEqualTo(1);
    assertThat(query("--kind", "export")).contains("asked=2", "as=tlog-proof", "file=2.tlog-proof");
  }

  @Test
  void aLogOnTheWebIsVerifiedByItsAddress() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/", SimpleFileServer.createFileHandler(folder.resolve("var/audit").toAbsolutePath()));
    server.start();
    try {
      String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/";
      Ran ran = Ran.in(folder, "audit", "verify", address, "--key", publicKey(), "--json");
      assertThat(ran.status()).isZero();
      assertThat(JsonMapper.shared().readTree(ran.out()).at("/counts/refusal").asInt())
          .isEqualTo(1);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aLogThatNobodyElseVouchesForExitsWithFourWhenThatIsAsked() throws Exception {
    Ran ran = Ran.in(folder, "audit", "verify", "--anchored-within", "24h");
    assertThat(ran.status()).isEqualTo(4);
    assertThat(ran.out())
        .startsWith("NOT ANCHORED  ")
        .contains("anchored by nobody (expected: by somebody within the last 24h)");
    assertThat(Ran.in(folder, "audit", "verify", "--anchored-within", "soon").err())
        .contains("--anchored-within: soon (expected: such as 24h)");

    Files.writeString(folder.resolve("policy"), "log " + publicKey() + "\nquorum none\n");
    Ran keyed = Ran.in(folder, "audit", "verify", "--policy", "policy");
    assertThat(keyed.status()).isZero();
    assertThat(keyed.out()).doesNotContain("the folder's own");
    Files.writeString(folder.resolve("policy"), "quorum w\n");
    assertThat(Ran.in(folder, "audit", "verify", "--policy", "policy").err())
        .contains("policy line 1: w: not defined");
  }

  @Test
  void aSavedCheckpointIsNamedWhenTheLogDoesNotBeginWithIt() throws Exception {
    Path saved = folder.resolve("saved.note");
    Files.copy(folder.resolve("var/audit/checkpoint"), saved);
    assertThat(Ran.in(folder, "audit", "verify", "--since", "saved.note").status()).isZero();
    Path other = folder.resolve("other");
    Files.createDirectories(other);
    Files.copy(folder.resolve("var/audit/signing.key"), other.resolve("signing.key"));
    try (AuditLog log = AuditLog.open(AuditOptions.in(other))) {
      assertThat(log.publicKey().toString()).isEqualTo(publicKey());
    }
    Ran ran = Ran.in(folder, "audit", "verify", "other", "--since", "saved.note");
    assertThat(ran.status()).isEqualTo(1);
    assertThat(ran.out()).startsWith("TAMPERED").contains("saved.note (size ", "checkpoint");
  }

  @Test
  void showOfNothingSaysSo() {
    assertThat(Ran.in(folder, "audit", "show", "9999").err()).contains("no record '9999'");
    assertThat(Ran.in(folder, "audit", "verify", "--dir", "absent").err())
        .contains("no audit log: ", "absent");
  }
}
