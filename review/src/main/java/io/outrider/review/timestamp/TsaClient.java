package io.outrider.review.timestamp;

import io.outrider.audit.anchor.TimeStamper;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;

/// Gets time stamps from one authority over HTTP (RFC 3161, section 3.4), and takes none that does
/// not stand.
public final class TsaClient implements TimeStamper, AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /// A token with a chain of certificates has some kilobytes.
  private static final int MAX_ANSWER = 1 << 17;

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final URI address;
  private final Authorities authorities;
  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /// @param authorities roots that its signer must lead to
  public TsaClient(String name, URI address, Authorities authorities) {
    this.name = name;
    this.address = address;
    this.authorities = authorities;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] stamp(byte[] content) throws IOException {
    try {
      TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
      generator.setCertReq(true);
      TimeStampRequest request =
          generator.generate(
              TSPAlgorithms.SHA256,
              MessageDigest.getInstance("SHA-256").digest(content),
              new BigInteger(64, RANDOM));
      byte[] answer = post(request.getEncoded());
      Token token = Token.parse(answer);
      token.response().validate(request);
      token.check(content, authorities);
      return answer;
    } catch (TSPException e) {
      throw new IOException("time stamp: does not answer what was asked: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private byte[] post(byte[] request) throws IOException {
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address)
                .header("Content-Type", "application/timestamp-query")
                .POST(BodyPublishers.ofByteArray(request))
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    try {
      HttpResponse<byte[]> response = answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        throw new IOException(address + ": status " + response.statusCode() + " (expected: 200)");
      }
      return response.body();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          address
              + ": cannot be reached: "
              + (cause.getMessage() == null
                  ? cause.getClass().getSimpleName()
                  : cause.getMessage()),
          cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(address + ": no answer within " + LIMIT.toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(address + ": interrupted");
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
