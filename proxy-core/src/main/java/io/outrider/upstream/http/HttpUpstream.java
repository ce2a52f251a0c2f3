package io.outrider.upstream.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.ScheduledFuture;
import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.enforce.Exchange;
import io.outrider.enforce.NoticePermit;
import io.outrider.enforce.Permit;
import io.outrider.enforce.ServerStream;
import io.outrider.enforce.UpstreamCall;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import io.outrider.mcp.Era;
import io.outrider.mcp.ErrorCode;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Revision;
import io.outrider.mcp.SseEvent;
import io.outrider.session.ClientSession;
import io.outrider.settings.UpstreamSettings;
import io.outrider.upstream.EraProbe;
import io.outrider.upstream.Upstream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// An upstream spoken to over Streamable HTTP (revisions 2025-03-26 to 2026-07-28). Inbound and
/// outbound side of a call share one event loop, and each loop has its own connections.
/// Thread-safe.
public final class HttpUpstream implements Upstream {

  /// For a probe, a notification, the end of a session.
  private static final Duration CONTROL_TIME = Duration.ofSeconds(10);

  /// From the answer to the end of its stream.
  private static final Duration STREAM_END_TIME = Duration.ofSeconds(2);

  private final UpstreamSettings settings;
  private final Parts parts;
  private final InetSocketAddress address;
  private final String path;
  private final @Nullable SslContext tls;
  private final String host;
  private final EraProbe era;
  private final Map<EventLoop, HttpPool> pools = new ConcurrentHashMap<>();

  private volatile RequestHeaders headers;
  private volatile WirePost posts;

  /// The upstream's side of each session.
  private final Map<ClientSession, Link> links = new ConcurrentHashMap<>();

  /// What there is to know about one session at the upstream.
  private static final class Link {
    /// The upstream's session id, which never leaves this class; null while there is none, and for
    /// a server without sessions.
    private volatile @Nullable String id;

    private final StreamGate gate = new StreamGate();
  }

  /// What all HTTP upstreams of a proxy share.
  ///
  /// @param maxMessage bytes of one message of a server
  /// @param reader reads what servers say before it belongs to a call
  public record Parts(
      Class<? extends Channel> channelType,
      AddressResolverGroup<?> resolver,
      Duration connect,
      int maxMessage,
      int maxHeaders,
      LongSupplier nanoTime,
      MessageReader reader) {}

  /// @param tls for an https URL, else null
  public HttpUpstream(
      UpstreamSettings settings,
      UpstreamSettings.Http target,
      @Nullable SslContext tls,
      Parts parts) {
    this.settings = settings;
    this.parts = parts;
    this.tls = tls;
    URI url = target.url();
    boolean https = "https".equalsIgnoreCase(url.getScheme());
    int port = url.getPort() > 0 ? url.getPort() : https ? 443 : 80;
    this.address = InetSocketAddress.createUnresolved(stripBrackets(url.getHost()), port);
    String rawPath =
        url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    this.path = url.getRawQuery() == null ? rawPath : rawPath + "?" + url.getRawQuery();
    this.host = url.getPort() > 0 ? url.getHost() + ":" + port : url.getHost();
    this.headers = new RequestHeaders(host, target.headers());
    this.posts = new WirePost(path, headers);
    this.era = new EraProbe(settings.id(), settings.era(), parts.nanoTime(), this::probe);
  }

  private static String stripBrackets(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  @Override
  public String transport() {
    return "http";
  }

  @Override
  public UpstreamCall forward(Permit permit, Exchange exchange) {
    Call call = permit.call();
    Posted posted = new Posted(permit, exchange);
    if (call.era() == Era.LEGACY) {
      if (settings.era() == UpstreamSettings.Era.MODERN) {
        exchange.failed(otherEra(call));
      } else {
        posted.send();
      }
      return posted;
    }
    era.whenKnown(
        exchange.loop(),
        verdict -> {
          switch (verdict) {
            case EraProbe.Verdict.Modern _ -> posted.send();
            case EraProbe.Verdict.Legacy _ -> exchange.failed(otherEra(call));
            case EraProbe.Verdict.Unknown(String why) ->
                exchange.failed(new Failure.UpstreamUnreachable(why));
          }
        });
    return posted;
  }

  private Failure otherEra(Call call) {
    Era spoken = call.era() == Era.MODERN ? Era.LEGACY : Era.MODERN;
    return new Failure.UpstreamOtherEra(
        call.revision(),
        Revision.texts(spoken),
        "upstream '"
            + settings.id()
            + "' speaks only the "
            + spoken.slug()
            + " era, and eras are not bridged yet");
  }

  /// One request of a client, sent by POST.
  private final class Posted extends McpResponse implements UpstreamCall {
    private final Permit permit;
    private final Exchange exchange;

    /// Those in force when the call began, whatever comes into force while it waits.
    private final WirePost credentials = posts;

    private @Nullable HttpConnection connection;
    private boolean cancelled;
    private boolean done;

    Posted(Permit permit, Exchange exchange) {
      super(parts.maxMessage());
      this.permit = permit;
      this.exchange = exchange;
    }

    void send() {
      ClientSession session = permit.session();
      if (session == null) {
        leave(null);
      } else {
        Link link = link(session);
        link.gate.pass(exchange.loop(), () -> leave(link));
      }
    }

    private void leave(@Nullable Link link) {
      if (cancelled) {
        return;
      }
      pool(exchange.loop())
          .acquire(
              c -> {
                if (cancelled) {
                  c.abandon();
                  return;
                }
                connection = c;
                String id = link == null ? null : link.id;
                c.send(alloc -> credentials.of(permit, id, alloc), this);
              },
              why -> {
                done = true;
                exchange.failed(new Failure.UpstreamUnreachable(why));
              });
    }

    @Override
    boolean onHead(int status, HttpResponse response, boolean isStream) {
      if (permit.call().method() == McpMethod.INITIALIZE
          && status == 200
          && permit.session() != null) {
        keepSession(permit.session(), response.headers().get(McpHeaders.SESSION_ID));
      }
      if (isStream) {
        exchange.opened();
      }
      return true;
    }

    @Override
    void onEvent(SseEvent event) {
      exchange.event(event);
    }

    @Override
    void onStreamEnd() {
      done = true;
      exchange.ended();
    }

    @Override
    void onBody(int status, boolean isJson, byte[] body) {
      done = true;
      Failure failure = failure(status, isJson, body);
      if (failure == null) {
        exchange.body(status, body);
      } else {
        exchange.failed(failure);
      }
    }

    /// What the status says before anyone looks at the body as an answer.
    private @Nullable Failure failure(int status, boolean isJson, byte[] body) {
      Call call = permit.call();
      if (status == 404 && permit.session() != null && call.method() != McpMethod.INITIALIZE) {
        return new Failure.UpstreamSessionLost(
            "the upstream answered HTTP status 404 to the session");
      }
      if (status == 401 || status == 403) {
        return new Failure.UpstreamUnreachable(
            "the upstream refused the proxy's credentials with HTTP status " + status);
      }
      if (call.method() == McpMethod.INITIALIZE && status != 200 && speaksOtherEra(status, body)) {
        return otherEra(call);
      }
      if (body.length == 0 || !isJson) {
        return new Failure.UpstreamBadProtocol(
            "found HTTP status " + status + " without JSON (expected: an answer)");
      }
      return null;
    }

    private boolean speaksOtherEra(int status, byte[] body) {
      if (parts.reader().read(body) instanceof Reading.Parsed(JsonRpcMessage.Error error)) {
        return switch (error.code()) {
          case ErrorCode.METHOD_NOT_FOUND,
              ErrorCode.UNSUPPORTED_VERSION,
              ErrorCode.HEADER_MISMATCH,
              ErrorCode.MISSING_CAPABILITY ->
              true;
          default -> false;
        };
      }
      return status == 404 || status == 405;
    }

    @Override
    void onFailure(String why, boolean isProtocol) {
      done = true;
      HttpConnection c = connection;
      if (c != null && isProtocol) {
        c.abandon();
      }
      exchange.failed(
          isProtocol ? new Failure.UpstreamBadProtocol(why) : new Failure.UpstreamClosed(why));
    }

    @Override
    public void cancel() {
      if (cancelled || done) {
        return;
      }
      cancelled = true;
      if (connection == null) {
        return; // it has not left, and must not any more
      }
      if (permit.session() != null && permit.call().method() != McpMethod.INITIALIZE) {
        // Closing the stream is no cancel in the legacy era (basic/utilities/cancellation).
        post(
            permit.session(),
            cancelNotice(permit.call().message().id()),
            exchange.loop(),
            failure -> {});
      }
      connection.abandon();
    }

    /// Most servers end their stream together with the answer, and the connection can be used
    /// again. One that does not, or goes on talking, is left.
    @Override
    public void release() {
      HttpConnection c = connection;
      if (cancelled || done) {
        return;
      }
      if (c == null) {
        cancelled = true; // it has not left yet, and must not any more
        return;
      }
      c.autoRead(true); // a connection that is not read does not even notice its end
      var unused =
          exchange
              .loop()
              .schedule(
                  () -> c.giveUp(this, "the stream went on after the answer"),
                  STREAM_END_TIME.toMillis(),
                  TimeUnit.MILLISECONDS);
    }

    @Override
    public void pause() {
      if (connection != null && !done) {
        connection.autoRead(false);
      }
    }

    @Override
    public void resume() {
      if (connection != null && !done) {
        connection.autoRead(true);
      }
    }
  }

  private static byte[] cancelNotice(JsonRpcId id) {
    return ("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":"
            + id.toJson()
            + "}}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private void keepSession(ClientSession session, @Nullable String upstreamSession) {
    if (upstreamSession == null) {
      return; // a stateless server
    }
    link(session).id = upstreamSession;
  }

  private Link link(ClientSession session) {
    Link known = links.get(session);
    if (known != null) {
      return known;
    }
    Link fresh = new Link();
    Link other = links.putIfAbsent(session, fresh);
    if (other != null) {
      return other;
    }
    session.whenClosed(() -> links.remove(session));
    return fresh;
  }

  // --- notifications and answers

  @Override
  public void tell(NoticePermit permit, EventLoop loop, Consumer<@Nullable Failure> then) {
    post(permit.session(), permit.bytes(), loop, then);
  }

  private void post(
      ClientSession session, byte[] bytes, EventLoop loop, Consumer<@Nullable Failure> then) {
    Link link = link(session);
    link.gate.pass(
        loop,
        () ->
            pool(loop)
                .acquire(
                    c -> {
                      FullHttpRequest request = post(bytes);
                      RequestHeaders.session(request.headers()::set, session, link.id);
                      ask(c, request, new Told(session, then), loop);
                    },
                    why -> then.accept(new Failure.UpstreamUnreachable(why))));
  }

  /// The response to something that expects none.
  private final class Told extends McpResponse {
    private final ClientSession session;
    private final Consumer<@Nullable Failure> then;

    Told(ClientSession session, Consumer<@Nullable Failure> then) {
      super(parts.maxMessage());
      this.session = session;
      this.then = then;
    }

    @Override
    boolean onHead(int status, HttpResponse response, boolean isStream) {
      return true;
    }

    @Override
    void onEvent(SseEvent event) {}

    @Override
    void onStreamEnd() {
      then.accept(null);
    }

    @Override
    void onBody(int status, boolean isJson, byte[] body) {
      if (status / 100 == 2) {
        then.accept(null);
      } else if (status == 404) {
        then.accept(
            new Failure.UpstreamSessionLost(
                "the upstream answered HTTP status 404 to the session"));
        session.onClosed();
      } else {
        then.accept(
            new Failure.UpstreamBadProtocol("found HTTP status " + status + " (expected: 202)"));
      }
    }

    @Override
    void onFailure(String why, boolean isProtocol) {
      then.accept(new Failure.UpstreamClosed(why));
    }
  }

  // --- the stream of a session

  @Override
  public UpstreamCall listen(
      ClientSession session, @Nullable String lastEventId, ServerStream stream) {
    Link link = link(session);
    EventLoop loop = stream.loop();
    Listening listening =
        new Listening(
            stream,
            link.gate.opening((task, nanos) -> {
              ScheduledFuture<?> alarm = loop.schedule(task, nanos, TimeUnit.NANOSECONDS);
              return () -> alarm.cancel(false);
            }));
    pool(loop)
        .acquire(
            c -> {
              FullHttpRequest request = request(HttpMethod.GET);
              headers.get(request.headers());
              RequestHeaders.session(request.headers()::set, session, link.id);
              if (lastEventId != null) {
                request.headers().set(McpHeaders.LAST_EVENT_ID, lastEventId);
              }
              listening.started(c, request);
            },
            why -> {
              listening.answered.run();
              stream.refused(502);
            });
    return listening;
  }

  private final class Listening extends McpResponse implements UpstreamCall {
    private final ServerStream stream;
    private final Runnable answered;
    private @Nullable HttpConnection connection;
    private boolean over;

    /// @param answered to be told when the server has answered, or cannot
    Listening(ServerStream stream, Runnable answered) {
      super(parts.maxMessage());
      this.stream = stream;
      this.answered = answered;
    }

    void started(HttpConnection c, FullHttpRequest request) {
      if (over) {
        request.release();
        c.abandon();
        return;
      }
      connection = c;
      c.send(request, this);
    }

    @Override
    boolean onHead(int status, HttpResponse response, boolean isStream) {
      answered.run();
      if (isStream) {
        stream.opened();
      }
      return true;
    }

    @Override
    void onEvent(SseEvent event) {
      stream.event(event);
    }

    @Override
    void onStreamEnd() {
      over = true;
      stream.ended();
    }

    @Override
    void onBody(int status, boolean isJson, byte[] body) {
      over = true;
      // A server without such a stream says 405; what else it says is its own affair.
      stream.refused(status == 200 ? 502 : status);
    }

    @Override
    void onFailure(String why, boolean isProtocol) {
      over = true;
      answered.run();
      stream.refused(502);
    }

    @Override
    public void cancel() {
      if (!over) {
        over = true;
        answered.run();
        if (connection != null) {
          connection.abandon();
        }
      }
    }

    @Override
    public void pause() {
      if (connection != null && !over) {
        connection.autoRead(false);
      }
    }

    @Override
    public void resume() {
      if (connection != null && !over) {
        connection.autoRead(true);
      }
    }
  }

  // --- the end of a session

  @Override
  public void close(ClientSession session, EventLoop loop, Consumer<Integer> then) {
    Link link = links.get(session);
    String upstreamSession = link == null ? null : link.id;
    if (upstreamSession == null) {
      then.accept(200);
      return;
    }
    pool(loop)
        .acquire(
            c -> {
              FullHttpRequest request = request(HttpMethod.DELETE);
              headers.delete(request.headers());
              RequestHeaders.session(request.headers()::set, session, upstreamSession);
              ask(c, request, new Ended(then), loop);
            },
            why ->
                then.accept(200)); // the client's side ends whether or not the server can be told
  }

  private final class Ended extends McpResponse {
    private final Consumer<Integer> then;

    Ended(Consumer<Integer> then) {
      super(parts.maxMessage());
      this.then = then;
    }

    @Override
    boolean onHead(int status, HttpResponse response, boolean isStream) {
      return true;
    }

    @Override
    void onEvent(SseEvent event) {}

    @Override
    void onStreamEnd() {
      then.accept(200);
    }

    @Override
    void onBody(int status, boolean isJson, byte[] body) {
      then.accept(status == 405 ? 405 : 200);
    }

    @Override
    void onFailure(String why, boolean isProtocol) {
      then.accept(200);
    }
  }

  // --- which era

  private void probe(EventLoop loop, Consumer<EraProbe.Verdict> then) {
    byte[] discover = EraProbe.discover("outrider-probe");
    pool(loop)
        .acquire(
            c -> {
              FullHttpRequest request = post(discover);
              request.headers().set(McpHeaders.PROTOCOL_VERSION, Revision.V2026_07_28.text());
              request.headers().set(McpHeaders.METHOD, McpMethod.SERVER_DISCOVER.wire());
              ask(c, request, new Probed(then), loop);
            },
            why -> then.accept(new EraProbe.Verdict.Unknown(why)));
  }

  private final class Probed extends McpResponse {
    private final Consumer<EraProbe.Verdict> then;
    private EraProbe.@Nullable Verdict verdict;

    Probed(Consumer<EraProbe.Verdict> then) {
      super(parts.maxMessage());
      this.then = then;
    }

    @Override
    boolean onHead(int status, HttpResponse response, boolean isStream) {
      return true;
    }

    @Override
    void onEvent(SseEvent event) {
      if (verdict == null && event.data().length > 0) {
        verdict = EraProbe.read(parts.reader(), event.data());
      }
    }

    @Override
    void onStreamEnd() {
      then.accept(
          verdict == null ? new EraProbe.Verdict.Unknown("no answer to server/discover") : verdict);
    }

    @Override
    void onBody(int status, boolean isJson, byte[] body) {
      then.accept(
          switch (status) {
            case 401, 403, 407 ->
                new EraProbe.Verdict.Unknown(
                    "the upstream refused the proxy's credentials with HTTP status " + status);
            case 408, 425, 429 ->
                new EraProbe.Verdict.Unknown("the upstream is busy: HTTP status " + status);
            default ->
                status >= 500
                    ? new EraProbe.Verdict.Unknown("HTTP status " + status + " to server/discover")
                    : EraProbe.read(parts.reader(), body);
          });
    }

    @Override
    void onFailure(String why, boolean isProtocol) {
      then.accept(new EraProbe.Verdict.Unknown(why));
    }
  }

  // --- small things

  /// Sends what servers answer at once or never; nobody else would notice the latter.
  private static void ask(
      HttpConnection c, FullHttpRequest request, McpResponse to, EventLoop loop) {
    c.send(request, to);
    var unused =
        loop.schedule(
            () -> c.giveUp(to, "no answer within " + CONTROL_TIME.toSeconds() + " s"),
            CONTROL_TIME.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private HttpPool pool(EventLoop loop) {
    return pools.computeIfAbsent(
        loop,
        l ->
            new HttpPool(
                l,
                parts.channelType(),
                address,
                tls,
                parts.resolver(),
                parts.connect(),
                parts.maxHeaders(),
                parts.nanoTime()));
  }

  private FullHttpRequest post(byte[] body) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, path, Unpooled.wrappedBuffer(body));
    headers.post(request.headers(), body.length);
    return request;
  }

  private FullHttpRequest request(HttpMethod method) {
    return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, method, path, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void credentials(UpstreamSettings changed) {
    if (changed.target() instanceof UpstreamSettings.Http http) {
      headers = new RequestHeaders(host, http.headers());
      posts = new WirePost(path, headers);
    }
  }

  @Override
  public void close() {
    pools.values().forEach(HttpPool::close);
  }
}
