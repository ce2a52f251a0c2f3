package io.outrider.sinks.s3;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// As much of S3 as the mirror uses, on loopback: put, conditional put, get. Checks the signature,
/// the checksum and the lock of each request by its own code, as S3's documentation says them.
final class FakeS3 implements AutoCloseable {
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=([^/]+)/(\\d{8}/([^/]+)/s3/aws4_request), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})");

  private final HttpServer server;
  final Map<String, byte[]> objects = new TreeMap<>();
  final List<String> puts = new ArrayList<>();
  final List<String> overwritten = new ArrayList<>();
  final Map<String, String> locks = new TreeMap<>();
  final List<String> wrong = new ArrayList<>();
  int failures;

  FakeS3() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /// Writes every object below `prefix` as a file.
  void copyDown(String prefix, Path folder) throws IOException {
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      Path file = folder.resolve(object.getKey().substring(prefix.length()));
      Files.createDirectories(file.getParent());
      Files.write(file, object.getValue());
    }
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestURI().getPath().replaceFirst("^/evidence/", "");
      String problem = signature(exchange, body);
      if (problem != null) {
        wrong.add(exchange.getRequestMethod() + " " + key + ": " + problem);
        say(exchange, 403, error("SignatureDoesNotMatch"));
      } else if (failures > 0) {
        failures--;
        say(exchange, 403, error("AccessDenied"));
      } else if (exchange.getRequestMethod().equals("GET")) {
        byte[] there = objects.get(key);
        say(exchange, there == null ? 404 : 200, there == null ? error("NoSuchKey") : there);
      } else {
        put(exchange, key, body);
      }
    }
  }

  private void put(HttpExchange exchange, String key, byte[] body) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String checksum = Base64.getEncoder().encodeToString(sha256(body));
    if (!checksum.equals(headers.getFirst("x-amz-checksum-sha256"))) {
      wrong.add("PUT " + key + ": checksum " + headers.getFirst("x-amz-checksum-sha256"));
      say(exchange, 400, error("BadDigest"));
      return;
    }
    if (headers.containsKey("x-amz-object-lock-mode")
        && !"SHA256".equals(headers.getFirst("x-amz-sdk-checksum-algorithm"))) {
      say(exchange, 400, error("InvalidRequest"));
      return;
    }
    if ("*".equals(headers.getFirst("If-None-Match")) && objects.containsKey(key)) {
      say(exchange, 412, error("PreconditionFailed"));
      return;
    }
    puts.add(key);
    if (objects.put(key, body) != null) {
      overwritten.add(key);
    }
    locks.put(
        key,
        headers.getFirst("x-amz-object-lock-mode")
            + " "
            + headers.getFirst("x-amz-object-lock-retain-until-date"));
    say(exchange, 200, new byte[0]);
  }

  /// What is wrong with the signature (version 4, over the whole body); null if nothing is.
  private static @Nullable String signature(HttpExchange exchange, byte[] body) {
    Headers headers = exchange.getRequestHeaders();
    Matcher parts = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
    if (!parts.matches()) {
      return "authorization: " + headers.getFirst("Authorization");
    }
    // S3 allows to leave the body out of the signature; where there is one, we want it in.
    String hash =
        exchange.getRequestMethod().equals("GET")
            ? "UNSIGNED-PAYLOAD"
            : HexFormat.of().formatHex(sha256(body));
    if (!hash.equals(headers.getFirst("x-amz-content-sha256"))) {
      return "x-amz-content-sha256: " + headers.getFirst("x-amz-content-sha256");
    }
    StringBuilder canonical =
        new StringBuilder(exchange.getRequestMethod())
            .append('\n')
            .append(exchange.getRequestURI().getRawPath())
            .append("\n\n");
    for (String name : parts.group(4).split(";", -1)) {
      canonical.append(name).append(':').append(headers.getFirst(name).strip()).append('\n');
    }
    canonical.append('\n').append(parts.group(4)).append('\n').append(hash);
    String toSign =
        "AWS4-HMAC-SHA256\n"
            + headers.getFirst("x-amz-date")
            + "\n"
            + parts.group(2)
            + "\n"
            + HexFormat.of()
                .formatHex(sha256(canonical.toString().getBytes(StandardCharsets.UTF_8)));
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.UTF_8);
    for (String part : parts.group(2).split("/", -1)) {
      key = hmac(key, part);
    }
    String expected = HexFormat.of().formatHex(hmac(key, toSign));
    return expected.equals(parts.group(5)) ? null : "signature of\n" + canonical;
  }

  private static byte[] error(String code) {
    return ("<Error><Code>" + code + "</Code><Message>as the test says</Message></Error>")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void say(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
