package io.outrider.sinks.net;

import io.outrider.sinks.Later;
import io.outrider.sinks.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// POSTs to one URL with the JDK's client, and reads from the status what became of it. Follows no
/// redirect: it would carry credentials to whom nobody named.
public final class Poster implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// What is kept of an answer; an acknowledgement or an error needs no more.
  private static final int MAX_ANSWER = 64 << 10;

  /// How much of an error's body goes into a message.
  private static final int MAX_QUOTE = 300;

  /// The receiver looked at the body and does not want it. All others may pass: a wrong token or
  /// path is put right without a record being lost.
  private static final Set<Integer> REFUSALS = Set.of(400, 413, 415, 422);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private final Endpoint endpoint;
  private final HttpClient client;

  /// Where and how.
  ///
  /// @param headers sent with every request; values may be credentials
  /// @param gzip whether bodies are compressed
  /// @param ca authorities to trust for https, or null for those of the JDK
  /// @param timeout of one request, from the first byte sent to the last byte received
  public record Endpoint(
      URI url, Map<String, String> headers, boolean gzip, @Nullable Path ca, Duration timeout) {
    public Endpoint {
      headers = Map.copyOf(headers);
    }

    /// Without the values of headers.
    @Override
    public String toString() {
      return "Endpoint[" + url + ", headers " + headers.keySet() + "]";
    }
  }

  public Poster(Endpoint endpoint) throws IOException {
    this.endpoint = endpoint;
    boolean https =
        "https".equals(String.valueOf(endpoint.url().getScheme()).toLowerCase(Locale.ROOT));
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            // In the clear, asking for HTTP/2 means an Upgrade header that some receivers dislike.
            .version(https ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
    if (https && endpoint.ca() != null) {
      builder.sslContext(Tls.context(endpoint.ca(), null, null));
    }
    this.client = builder.build();
  }

  /// Sends a body.
  ///
  /// @return what a receiver that took it answered, at most 64 KiB of it
  /// @throws Refused if it will not take this body
  /// @throws IOException if it did not take it now
  public byte[] post(String type, Map<String, String> headers, byte[] body)
      throws IOException, Refused, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.url()).timeout(endpoint.timeout());
    endpoint.headers().forEach(request::setHeader);
    headers.forEach(request::setHeader);
    request.setHeader("Content-Type", type);
    byte[] sent = body;
    if (endpoint.gzip()) {
      request.setHeader("Content-Encoding", "gzip");
      sent = gzip(body);
    }
    request.POST(BodyPublishers.ofByteArray(sent));
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    HttpResponse<Void> response = send(request.build(), answer);
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return answer.toByteArray();
    }
    String message = "HTTP " + status + quote(answer);
    if (REFUSALS.contains(status)) {
      throw new Refused(message);
    }
    String after = response.headers().firstValue("Retry-After").orElse("");
    if (SECONDS.matcher(after).matches()) {
      throw new Later(message, Duration.ofSeconds(Long.parseLong(after)));
    }
    throw new IOException(message);
  }

  private HttpResponse<Void> send(HttpRequest request, ByteArrayOutputStream answer)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<Void>> pending =
        client.sendAsync(
            request,
            BodyHandlers.ofByteArrayConsumer(part ->
                part.ifPresent(bytes ->
                    answer.write(bytes, 0, Math.min(bytes.length, MAX_ANSWER - answer.size())))));
    try {
      // The request's own timeout ends with the headers; an answer may drip for ever.
      return pending.get(endpoint.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "no answer from " + endpoint.url() + " within " + endpoint.timeout().toSeconds() + " s");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      String what =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      throw new IOException(
          endpoint.url()
              + ": "
              + (cause instanceof ConnectException ? "cannot be reached: " : "")
              + what,
          cause);
    } finally {
      pending.cancel(true);
    }
  }

  private static byte[] gzip(byte[] body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream zip = new GZIPOutputStream(out)) {
      zip.write(body);
    }
    return out.toByteArray();
  }

  private static String quote(ByteArrayOutputStream answer) {
    String text = answer.toString(StandardCharsets.UTF_8).strip();
    if (text.isEmpty()) {
      return "";
    }
    return ": " + (text.length() <= MAX_QUOTE ? text : text.substring(0, MAX_QUOTE) + "...");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
