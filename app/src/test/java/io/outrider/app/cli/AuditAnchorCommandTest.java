package io.outrider.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.format.CosignerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With a witness that signs whatever it is given; one that checks is in the tests of the audit
/// module.
class AuditAnchorCommandTest {
  @TempDir private Path folder;
  private KeyPair pair;
  private CosignerKey key;
  private HttpServer server;
  private volatile int status = 200;

  @BeforeEach
  void aLogAWitnessAndAConfiguration() throws Exception {
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    key =
        new CosignerKey(
            "w.example/one",
            CosignerKey.Algorithm.ED25519,
            Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/w/add-checkpoint", this::cosign);
    server.start();
    AuditLog.open(AuditOptions.in(folder.resolve("var/audit"))).close();
    Files.writeString(
        folder.resolve("outrider.yaml"),
        """
        upstreams: { a: { url: "https://a.test/mcp", headers: { Authorization: "Bearer ${env:NOT_SET}" } } }
        audit:
          anchors:
            witnesses:
              one: { vkey: "%s", url: "http://127.0.0.1:%d/w" }
        """
            .formatted(key, server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void cosign(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      String text = body.split("\n\n")[1] + "\n";
      long now = Instant.now().getEpochSecond();
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(("cosignature/v1\ntime " + now + "\n" + text).getBytes(StandardCharsets.UTF_8));
      byte[] line =
          ByteBuffer.allocate(76).putInt(key.id()).putLong(now).put(signer.sign()).array();
      byte[] answer =
          ("\u2014 w.example/one " + Base64.getEncoder().encodeToString(line) + "\n")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Test
  void aLogIsAnchoredAtAWordAndVerifySaysByWhom() throws Exception {
    assertThat(Ran.in(folder, "audit", "anchor", "status"))
        .satisfies(ran -> assertThat(ran.status()).isEqualTo(1))
        .satisfies(ran -> assertThat(ran.out()).contains("anchors  none", "(1 of 1): not met"));

    Ran now = Ran.in(folder, "audit", "anchor", "now");
    assertThat(now.status()).as(now.err()).isZero();
    assertThat(now.out()).contains("one ", "cosigned", "anchored: ");

    Ran status = Ran.in(folder, "audit", "anchor", "status");
    assertThat(status.status()).isZero();
    assertThat(status.out()).contains("witness w.example/one", "met");

    Files.writeString(folder.resolve("policy"), Ran.in(folder, "audit", "witness", "list").out());
    Ran verified =
        Ran.in(folder, "audit", "verify", "--policy", "policy", "--anchored-within", "1h");
    assertThat(verified.status()).as(verified.out()).isZero();
    assertThat(verified.out()).contains("witness w.example/one").doesNotContain("unchecked");
  }

  @Test
  void aWitnessIsTestedAndNothingIsKept() {
    Ran fine = Ran.in(folder, "audit", "witness", "test");
    assertThat(fine.status()).isZero();
    assertThat(folder.resolve("var/audit/anchors")).doesNotExist();

    status = 403;
    Ran refused = Ran.in(folder, "audit", "witness", "test");
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).contains("answered 403: it does not take this log's key");
    assertThat(Ran.in(folder, "audit", "anchor", "now").status()).isEqualTo(1);
  }

  @Test
  void withoutWitnessesThereIsNothingToAsk() throws Exception {
    Files.delete(folder.resolve("outrider.yaml"));
    assertThat(Ran.in(folder, "audit", "anchor", "now").err()).contains("nobody to ask");
    assertThat(Ran.in(folder, "audit", "witness", "list").out()).isEqualTo("quorum none\n");
  }
}
