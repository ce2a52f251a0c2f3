package io.outrider.frontend.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.ReferenceCountUtil;
import io.outrider.call.Principal;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.Fault;
import io.outrider.call.Refusal.UnknownTarget.What;
import io.outrider.call.Source;
import io.outrider.enforce.Answer;
import io.outrider.enforce.ServerStream;
import io.outrider.frontend.Visit;
import io.outrider.mcp.Era;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.Revision;
import io.outrider.session.ClientSession;
import io.outrider.session.Inbound;
import io.outrider.session.Opened;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client connection: takes whole requests one at a time and hands their messages to
/// [io.outrider.frontend.Reception]. Everything that can be said by looking at HTTP alone is said
/// here.
final class McpHttpHandler extends ChannelInboundHandlerAdapter {

  private static final Logger log = LoggerFactory.getLogger(McpHttpHandler.class);

  /// Requests a client may send ahead on one connection before the proxy stops reading from it.
  private static final int MAX_AHEAD = 8;

  private static final String NOWHERE = "-";

  /// Headers of nearly every request.
  private static final List<String> FREQUENT =
      List.of(McpHeaders.SESSION_ID, McpHeaders.PROTOCOL_VERSION);

  /// A peer without an address is not taken for one on this machine.
  private static final InetAddress NO_ADDRESS = new InetSocketAddress(0).getAddress();

  private final HttpFront front;
  private final ArrayDeque<FullHttpRequest> ahead = new ArrayDeque<>();
  private boolean busy;

  /// The last answer was given: whatever else arrives is not looked at.
  private boolean closing;

  private @Nullable Source source;
  private @Nullable HttpReply reply;
  private @Nullable Visit visit;
  private @Nullable ServerStream stream;
  private @Nullable ClientSession listening;

  McpHttpHandler(HttpFront front) {
    this.front = front;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    front.connections().add(ctx.channel());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof FullHttpRequest request)) {
      ReferenceCountUtil.release(message);
      return;
    }
    if (closing) {
      request.release();
      return;
    }
    if (!busy) {
      serve(ctx, request);
      return;
    }
    ahead.add(request);
    if (ahead.size() >= MAX_AHEAD) {
      ctx.channel().config().setAutoRead(false);
    }
  }

  private void next(ChannelHandlerContext ctx, boolean keep) {
    busy = false;
    if (!keep) {
      closing = true;
      ahead.forEach(FullHttpRequest::release);
      ahead.clear();
    }
    reply = null;
    visit = null;
    stream = null;
    if (listening != null) {
      front.stopListening(listening);
      listening = null;
    }
    FullHttpRequest request = ahead.poll();
    if (request != null) {
      busy = true;
      // Not at once: the response that just ended may still be on this stack.
      ctx.executor().execute(() -> serve(ctx, request));
    }
    if (ahead.isEmpty()) {
      ctx.channel().config().setAutoRead(true);
    }
  }

  private void serve(ChannelHandlerContext ctx, FullHttpRequest request) {
    busy = true;
    try {
      Refusal broken = brokenHttp(request);
      // After a request that is not understood nobody knows where the next one begins.
      boolean keep = broken == null && HttpUtil.isKeepAlive(request);
      HttpReply fresh =
          new HttpReply(
              ctx,
              keep,
              request.method().equals(HttpMethod.HEAD),
              front.corsHeaders(request.headers()),
              front.keepAlive(),
              () -> next(ctx, keep));
      reply = fresh;
      answer(ctx, request, broken, fresh);
    } finally {
      request.release();
    }
  }

  private void answer(
      ChannelHandlerContext ctx, FullHttpRequest request, @Nullable Refusal broken, HttpReply to) {
    Source source = source(ctx);
    if (broken != null) {
      refuse(to, broken, NOWHERE, Principal.ANONYMOUS, source, new byte[0]);
      return;
    }
    HttpHeaders headers = request.headers();
    Refusal foreign = front.origins().check(headers);
    if (foreign != null) {
      refuse(to, foreign, NOWHERE, Principal.ANONYMOUS, source, new byte[0]);
      return;
    }
    String upstream = front.upstreamAt(request.uri());
    if (upstream == null) {
      refuse(
          to,
          new Refusal.UnknownTarget(What.PATH, "no MCP server at this path"),
          NOWHERE,
          Principal.ANONYMOUS,
          source,
          new byte[0]);
      return;
    }
    if (request.method().equals(HttpMethod.OPTIONS)
        && headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD)) {
      to.answer(new Answer(204, new byte[0], front.preflightHeaders(headers)));
      return;
    }
    switch (front.authenticator().identify(headers, peer(ctx))) {
      case Authenticator.Identified.Unknown(Refusal refusal) ->
          refuse(to, refusal, upstream, Principal.ANONYMOUS, source, new byte[0]);
      case Authenticator.Identified.Known(Principal principal) -> {
        switch (request.method().name()) {
          case "POST" -> post(ctx, request, to, upstream, principal, source);
          case "GET" -> get(ctx, headers, to, upstream, principal, source);
          case "DELETE" -> delete(ctx, headers, to, upstream, principal, source);
          default ->
              refuse(
                  to,
                  new Refusal.Malformed(
                      Fault.HTTP_METHOD,
                      "found another HTTP method (expected: POST, GET or DELETE)"),
                  upstream,
                  principal,
                  source,
                  new byte[0]);
        }
      }
    }
  }

  private static @Nullable Refusal brokenHttp(FullHttpRequest request) {
    if (request.decoderResult().isSuccess()) {
      HttpVersion version = request.protocolVersion();
      if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
        return new Refusal.Malformed(
            Fault.BAD_HTTP, "found another version of HTTP (expected: HTTP/1.1)");
      }
      int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
      if (hosts != 1) {
        return new Refusal.Malformed(
            Fault.BAD_HTTP, "found " + hosts + " Host headers (expected: 1)"); // RFC 9112, 3.2
      }
      // Netty drops Content-Length beside Transfer-Encoding; a peer in front may not have.
      boolean both =
          request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
              && request.headers().contains(HttpHeaderNames.CONTENT_LENGTH);
      return both
          ? new Refusal.Malformed(Fault.BAD_HTTP, "found both Content-Length and Transfer-Encoding")
          : null;
    }
    return request.decoderResult().cause() instanceof TooLongFrameException
        ? new Refusal.Malformed(Fault.HEADERS_TOO_LARGE, "the request line or headers are too long")
        : new Refusal.Malformed(Fault.BAD_HTTP, "not HTTP/1.1");
  }

  // --- POST: a message

  private void post(
      ChannelHandlerContext ctx,
      FullHttpRequest request,
      HttpReply to,
      String upstream,
      Principal principal,
      Source source) {
    byte[] body = ByteBufUtil.getBytes(request.content());
    Refusal refusal = MediaTypes.check(request.headers());
    if (refusal != null) {
      refuse(to, refusal, upstream, principal, source, body);
      return;
    }
    Inbound in =
        new Inbound(upstream, principal, source, body, mcpHeaders(request.headers()), null);
    Visit started = front.reception().receive(in, to, loop(ctx), session -> {});
    if (!to.isDone()) {
      visit = started;
    }
  }

  /// The headers MCP gives a meaning; nothing else of them gets any further.
  private static Map<String, List<String>> mcpHeaders(HttpHeaders headers) {
    Map<String, List<String>> found = HashMap.newHashMap(4);
    for (var it = headers.iteratorAsString(); it.hasNext(); ) {
      Map.Entry<String, String> header = it.next();
      String name = header.getKey();
      if (name.regionMatches(true, 0, "mcp-", 0, 4)
          || name.equalsIgnoreCase(McpHeaders.LAST_EVENT_ID)) {
        found.merge(lowerCase(name), List.of(header.getValue()), McpHttpHandler::join);
      }
    }
    return found;
  }

  private static String lowerCase(String name) {
    for (String frequent : FREQUENT) {
      if (name.equalsIgnoreCase(frequent)) {
        return frequent;
      }
    }
    return name.toLowerCase(Locale.ROOT);
  }

  private static List<String> join(List<String> a, List<String> b) {
    List<String> both = new ArrayList<>(a);
    both.addAll(b);
    return both;
  }

  // --- GET: the stream of a legacy session

  private void get(
      ChannelHandlerContext ctx,
      HttpHeaders headers,
      HttpReply to,
      String upstream,
      Principal principal,
      Source source) {
    if (!MediaTypes.acceptsEvents(headers)) {
      refuse(
          to,
          new Refusal.Malformed(Fault.NOT_ACCEPTABLE, "found Accept without text/event-stream"),
          upstream,
          principal,
          source,
          new byte[0]);
      return;
    }
    ClientSession session = session(headers, to, upstream, principal, source);
    if (session == null) {
      return;
    }
    String lastEventId = headers.get(McpHeaders.LAST_EVENT_ID);
    if (lastEventId == null) {
      if (!front.startListening(session)) {
        refuse(
            to,
            new Refusal.Malformed(Fault.STREAM_TAKEN, "the session has its stream already"),
            upstream,
            principal,
            source,
            new byte[0]);
        return;
      }
      listening = session;
    }
    ServerStream started = front.reception().listen(session, lastEventId, to, loop(ctx));
    if (!to.isDone()) {
      stream = started;
    }
  }

  // --- DELETE: the end of a legacy session

  private void delete(
      ChannelHandlerContext ctx,
      HttpHeaders headers,
      HttpReply to,
      String upstream,
      Principal principal,
      Source source) {
    ClientSession session = session(headers, to, upstream, principal, source);
    if (session != null) {
      front.reception().end(session, to, loop(ctx));
    }
  }

  /// The session named by the header; answers and gives null when there is none.
  private @Nullable ClientSession session(
      HttpHeaders headers, HttpReply to, String upstream, Principal principal, Source source) {
    List<String> ids = headers.getAll(McpHeaders.SESSION_ID);
    List<String> versions = headers.getAll(McpHeaders.PROTOCOL_VERSION);
    Refusal refusal;
    if (ids.isEmpty() || versions.contains(Revision.V2026_07_28.text())) {
      // 2026-07-28 has POST only; a legacy client that has no session has nothing to get or end.
      refusal =
          new Refusal.Malformed(
              Fault.HTTP_METHOD,
              "found no Mcp-Session-Id header (expected: POST outside a legacy session)");
    } else if (ids.size() > 1) {
      refusal =
          new Refusal.HeaderMismatch(
              "Mcp-Session-Id", "found the header " + ids.size() + " times (expected: once)");
    } else {
      ClientSession session = front.sessions().find(ids.getFirst(), upstream, principal);
      if (session != null) {
        return session;
      }
      refusal = new Refusal.UnknownTarget(What.SESSION, "found a session id that is not open");
    }
    refuse(to, refusal, upstream, principal, source, new byte[0]);
    return null;
  }

  // --- common

  private void refuse(
      HttpReply to,
      Refusal refusal,
      String upstream,
      Principal principal,
      Source source,
      byte[] body) {
    Inbound in = new Inbound(upstream, principal, source, body, Map.of(), null);
    to.answer(front.reception().refuse(new Opened.Refused(refusal, Era.LEGACY, null, null, in)));
  }

  /// A body larger than the limit, told by the aggregator.
  void tooLarge(ChannelHandlerContext ctx, long limit) {
    HttpReply to = new HttpReply(ctx, false, false, Map.of(), front.keepAlive(), () -> {});
    closing = true;
    ahead.forEach(FullHttpRequest::release);
    ahead.clear();
    reply = to;
    refuse(
        to,
        new Refusal.TooLarge(
            "found a body of more than " + limit + " bytes (expected: at most that)"),
        NOWHERE,
        Principal.ANONYMOUS,
        Source.http(peer(ctx).getHostAddress()),
        new byte[0]);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (reply != null) {
      reply.writabilityChanged();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (reply != null) {
      reply.gone();
    }
    if (visit != null) {
      visit.clientGone();
    }
    if (stream != null) {
      stream.close();
    }
    if (listening != null) {
      front.stopListening(listening);
      listening = null;
    }
    ahead.forEach(FullHttpRequest::release);
    ahead.clear();
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    log.atDebug()
        .addKeyValue("peer", peer(ctx).getHostAddress())
        .addKeyValue("cause", cause.getClass().getSimpleName())
        .log("closing a client connection");
    ctx.close();
  }

  private Source source(ChannelHandlerContext ctx) {
    Source known = source;
    if (known == null) {
      known = Source.http(peer(ctx).getHostAddress());
      source = known;
    }
    return known;
  }

  private static EventLoop loop(ChannelHandlerContext ctx) {
    return ctx.channel().eventLoop();
  }

  private static InetAddress peer(ChannelHandlerContext ctx) {
    return ctx.channel().remoteAddress() instanceof InetSocketAddress address
            && address.getAddress() != null
        ? address.getAddress()
        : NO_ADDRESS;
  }
}
