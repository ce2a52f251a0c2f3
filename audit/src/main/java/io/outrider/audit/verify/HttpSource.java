package io.outrider.audit.verify;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The public files of a log, read from a web server. What is private to the writer is not asked
/// for, and nothing is asked for twice: an answer that is not there is an error to report.
/// Thread-safe.
public final class HttpSource implements LogSource, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// For one whole answer. The largest file is 16 MiB.
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /// A bundle of 256 leaves of 65,535 bytes with their lengths; all else is smaller.
  private static final long MAX_FILE = 256L * (2 + 65_535);

  /// Enough for a host that moved and for the step to TLS.
  private static final int MAX_REDIRECTS = 3;

  private final URI base;
  private final Duration limit;
  private final HttpClient client;

  /// @param base where the log's folder is published, `http` or `https`
  /// @throws IllegalArgumentException if it is not such an address
  public HttpSource(URI base) {
    this(base, ANSWER);
  }

  HttpSource(URI base, Duration limit) {
    if (!isWeb(base)) {
      throw new IllegalArgumentException(
          base.getScheme()
              + "://"
              + base.getHost()
              + (base.getUserInfo() == null ? "" : " with a user")
              + " (expected: an http or https address with a host)");
    }
    String text = base.toString();
    this.base = text.endsWith("/") ? base : URI.create(text + "/");
    this.limit = limit;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static boolean isWeb(URI address) {
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    return (scheme.equals("http") || scheme.equals("https"))
        && address.getHost() != null
        && address.getUserInfo() == null;
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    return LogFiles.isPublic(path) ? get(base.resolve(path)) : Optional.empty();
  }

  private Optional<byte[]> get(URI first) throws IOException {
    URI address = first;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<byte[]> response = send(address);
      switch (response.statusCode()) {
        case 200 -> {
          return Optional.of(response.body());
        }
        case 404, 410 -> {
          return Optional.empty();
        }
        case 301, 302, 303, 307, 308 -> address = redirect(address, response);
        default ->
            throw new IOException(
                address + ": status " + response.statusCode() + " (expected: 200 or 404)");
      }
    }
    throw new IOException(first + ": more than " + MAX_REDIRECTS + " redirects");
  }

  private static URI redirect(URI from, HttpResponse<?> response) throws IOException {
    String location =
        response
            .headers()
            .firstValue("location")
            .orElseThrow(() -> new IOException(from + ": a redirect that says not where"));
    URI to;
    try {
      to = from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw new IOException(from + ": redirects to nonsense", e);
    }
    boolean unprotected = from.getScheme().equals("https") && !to.getScheme().equals("https");
    if (!isWeb(to) || unprotected) {
      throw new IOException(
          from + ": redirects to " + to + " (expected: https, or http from http)");
    }
    return to;
  }

  private HttpResponse<byte[]> send(URI address) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address).header("Accept-Encoding", "identity").GET().build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_FILE));
    try {
      // The client's own time limit ends with the headers; this one covers a body that trickles.
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(address + ": " + reason(cause), cause);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new IOException(
          address + ": no whole answer within " + limit.toSeconds() + " seconds", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException(address + ": interrupted");
    }
  }

  private static String reason(Throwable cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  /// Only the journal is read in parts, and it is not public.
  @Override
  public Optional<byte[]> read(String path, long offset, int length) {
    return Optional.empty();
  }

  /// The web has no folders.
  @Override
  public List<String> list(String folder) {
    return List.of();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
