package io.outrider.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.outrider.audit.format.CosignerKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;

/// A witness that signs whatever it is given; one that checks is in the tests of the audit module.
public final class SigningWitness implements AutoCloseable {
  private final KeyPair pair;
  private final CosignerKey key;
  private final HttpServer server;
  private volatile int status = 200;

  public SigningWitness(String name) throws GeneralSecurityException, IOException {
    pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    byte[] spki = pair.getPublic().getEncoded();
    key =
        new CosignerKey(
            name,
            CosignerKey.Algorithm.ED25519,
            Arrays.copyOfRange(spki, spki.length - 32, spki.length));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/w/add-checkpoint", this::cosign);
    server.start();
  }

  public CosignerKey key() {
    return key;
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/w";
  }

  /// What it answers from now on; with 200 it signs.
  public void status(int next) {
    status = next;
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
          ("\u2014 " + key.name() + " " + Base64.getEncoder().encodeToString(line) + "\n")
              .getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, answer.length);
      exchange.getResponseBody().write(answer);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
