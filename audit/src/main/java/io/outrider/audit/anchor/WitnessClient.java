package io.outrider.audit.anchor;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Asks witnesses to cosign (C2SP tlog-witness, `add-checkpoint`). Thread-safe.
final class WitnessClient implements AutoCloseable {
  /// A witness that takes longer is asked again at the next round.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// A dozen signature lines of the longest kind.
  private static final int MAX_ANSWER = 1 << 16;

  private static final int MAX_PROOF = 63;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(LIMIT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  private final Duration limit;

  WitnessClient() {
    this(LIMIT);
  }

  WitnessClient(Duration limit) {
    this.limit = limit;
  }

  /// What a witness said.
  sealed interface Answer {
    /// Signature lines; not checked yet.
    record Signatures(List<SignedNote.Signature> lines) implements Answer {}

    /// It has seen the log at another size than we thought.
    record KnowsSize(long size) implements Answer {}

    /// It says no, or nothing that makes sense, or cannot be reached.
    record Failed(String why) implements Answer {}
  }

  /// Submits a checkpoint.
  ///
  /// @param prefix the witness's submission prefix
  /// @param old size up to which the witness has seen the log
  /// @param proof that the tree of that size is a beginning of this one
  Answer add(URI prefix, long old, List<byte[]> proof, SignedNote note) {
    if (proof.size() > MAX_PROOF) {
      throw new IllegalArgumentException(
          "proof: " + proof.size() + " hashes (expected: at most " + MAX_PROOF + ")");
    }
    String base = prefix.toString();
    URI address = URI.create(base + (base.endsWith("/") ? "" : "/") + "add-checkpoint");
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            HttpRequest.newBuilder(address)
                .POST(BodyPublishers.ofByteArray(body(old, proof, note)))
                .build(),
            BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER));
    try {
      return read(answer.get(limit.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      return new Answer.Failed("cannot be reached: " + reason(e));
    } catch (TimeoutException e) {
      answer.cancel(true);
      return new Answer.Failed("no answer within " + limit.toSeconds() + " seconds");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      return new Answer.Failed("not waited for");
    }
  }

  private static String reason(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static byte[] body(long old, List<byte[]> proof, SignedNote note) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(("old " + old + "\n").getBytes(StandardCharsets.US_ASCII));
    for (byte[] hash : proof) {
      body.writeBytes(Base64.getEncoder().encode(hash));
      body.write('\n');
    }
    body.write('\n');
    body.writeBytes(note.bytes());
    return body.toByteArray();
  }

  private static Answer read(HttpResponse<byte[]> response) {
    String text = new String(response.body(), StandardCharsets.UTF_8).strip();
    return switch (response.statusCode()) {
      case 200 -> {
        try {
          yield new Answer.Signatures(SignedNote.signatures(response.body()));
        } catch (FormatException e) {
          yield new Answer.Failed("answered 200 and no signature: " + e.getMessage());
        }
      }
      case 409 ->
          text.matches("0|[1-9][0-9]{0,17}")
              ? new Answer.KnowsSize(Long.parseLong(text))
              : new Answer.Failed("answered 409 and no size");
      case 403 -> new Answer.Failed("answered 403: it does not take this log's key");
      case 404 -> new Answer.Failed("answered 404: it does not know this log");
      case 422 -> new Answer.Failed("answered 422: it does not take the proof of consistency");
      default -> new Answer.Failed("answered " + response.statusCode() + " (expected: 200)");
    };
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
