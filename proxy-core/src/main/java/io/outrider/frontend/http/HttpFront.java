package io.outrider.frontend.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.outrider.frontend.Reception;
import io.outrider.session.ClientSession;
import io.outrider.session.SessionStore;
import io.outrider.settings.Settings;
import io.outrider.settings.UpstreamSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The listening port: one path for each upstream. Thread-safe.
public final class HttpFront {

  /// Netty's own defaults are 4 KiB for the request line; ours follow `sizes.max_headers` only
  /// where arguments are mirrored.
  private static final int MAX_REQUEST_LINE = 8 * 1024;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(64 << 10, 256 << 10);

  private static final String EXPOSED = "Mcp-Session-Id, WWW-Authenticate, Retry-After";
  private static final String ACCEPTED =
      "Authorization, Content-Type, Accept, MCP-Protocol-Version, Mcp-Method, Mcp-Name, Mcp-Session-Id, Last-Event-ID";

  private final Settings settings;
  private final Reception reception;
  private final SessionStore sessions;
  private final OriginGuard origins;
  private final Authenticator authenticator;
  private final Map<String, String> upstreamsByPath;
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Set<ClientSession> listening = ConcurrentHashMap.newKeySet();

  public HttpFront(Settings settings, Reception reception, SessionStore sessions) {
    this.settings = settings;
    this.reception = reception;
    this.sessions = sessions;
    this.origins = new OriginGuard(settings.listen());
    this.authenticator = new Authenticator(settings.identity());
    this.upstreamsByPath =
        settings.upstreams().stream()
            .collect(Collectors.toUnmodifiableMap(UpstreamSettings::path, UpstreamSettings::id));
  }

  /// Listens.
  ///
  /// @param tls null for plain HTTP
  /// @throws IOException if the address cannot be bound, naming it
  public Channel bind(
      EventLoopGroup loops,
      Class<? extends ServerSocketChannel> channelType,
      @Nullable SslContext tls)
      throws IOException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(channelType)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            // Netty's newer default is made for many threads; on event loops it takes a tenth more.
            .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    addHandlers(channel, tls);
                  }
                });
    InetSocketAddress address =
        new InetSocketAddress(settings.listen().host(), settings.listen().port());
    var bound = bootstrap.bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on "
              + settings.listen().host()
              + ":"
              + settings.listen().port()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    return bound.channel();
  }

  /// The handlers of one connection, in the order bytes meet them.
  void addHandlers(Channel channel, @Nullable SslContext tls) {
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    HttpDecoderConfig limits =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_REQUEST_LINE)
            .setMaxHeaderSize(settings.sizes().maxHeaders());
    McpHttpHandler handler = new McpHttpHandler(this);
    channel
        .pipeline()
        .addLast(new HttpRequestDecoder(limits))
        .addLast(new WholeReply.Encoder())
        .addLast(new SlowClientGuard())
        .addLast(new BoundedBody(settings.sizes().maxBody(), handler))
        .addLast(handler);
  }

  /// Collects a request up to a limit; what is larger is answered by the handler, then closed.
  private static final class BoundedBody extends HttpObjectAggregator {
    private final McpHttpHandler handler;

    BoundedBody(int maxBytes, McpHttpHandler handler) {
      super(maxBytes, true);
      this.handler = handler;
    }

    /// Netty would answer a too large `Expect: 100-continue` itself, past record and metrics.
    @Override
    protected @Nullable Object newContinueResponse(
        HttpMessage start, int max, ChannelPipeline pipeline) {
      return isContentLengthInvalid(start, max)
          ? null
          : super.newContinueResponse(start, max, pipeline);
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext ctx, HttpMessage oversized) {
      handler.tooLarge(ctx.pipeline().lastContext(), maxContentLength());
    }
  }

  /// The upstream at a request target, or null. The query is not part of the name.
  @Nullable String upstreamAt(String target) {
    int query = target.indexOf('?');
    return upstreamsByPath.get(query < 0 ? target : target.substring(0, query));
  }

  Reception reception() {
    return reception;
  }

  SessionStore sessions() {
    return sessions;
  }

  OriginGuard origins() {
    return origins;
  }

  Authenticator authenticator() {
    return authenticator;
  }

  Duration keepAlive() {
    return settings.timeouts().keepAlive();
  }

  /// Open client connections.
  ChannelGroup connections() {
    return connections;
  }

  /// Closes every client connection.
  public void closeConnections() {
    connections.close();
  }

  boolean startListening(ClientSession session) {
    return listening.add(session);
  }

  void stopListening(ClientSession session) {
    listening.remove(session);
  }

  /// Lets a page of an allowed origin read the answer.
  Map<String, String> corsHeaders(HttpHeaders headers) {
    String origin = headers.get(HttpHeaderNames.ORIGIN);
    if (origin == null || !origins.allows(origin)) {
      return Map.of();
    }
    return Map.of(
        "access-control-allow-origin",
        origin,
        "vary",
        "Origin",
        "access-control-expose-headers",
        EXPOSED);
  }

  /// Lets a page of an allowed origin ask. Mirrored arguments are named one by one, as CORS wants.
  Map<String, String> preflightHeaders(HttpHeaders headers) {
    String wanted = headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS, "");
    StringBuilder allowed = new StringBuilder(ACCEPTED);
    for (String name : wanted.split(",", -1)) {
      if (name.strip().toLowerCase(Locale.ROOT).matches("mcp-param-[a-z0-9_-]{1,64}")) {
        allowed.append(", ").append(name.strip());
      }
    }
    return Map.of(
        "access-control-allow-methods", "POST, GET, DELETE",
        "access-control-allow-headers", allowed.toString(),
        "access-control-max-age", "600");
  }
}
