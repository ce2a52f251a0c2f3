package io.outrider.upstream.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One keep-alive connection to an upstream: one request at a time. Used on its event loop.
final class HttpConnection extends ChannelInboundHandlerAdapter {

  private final HttpPool pool;
  private @Nullable Channel channel;

  /// What is written here does not pass the encoder.
  private @Nullable ChannelHandlerContext codec;

  private @Nullable ResponseListener listener;
  private boolean keepAlive;

  /// Between the head of an interim response (1xx) and that of the next one.
  private boolean interim;

  private long idleSinceNanos;

  HttpConnection(HttpPool pool) {
    this.pool = pool;
  }

  /// Sends a request; the listener hears the response. The connection returns to its pool by
  /// itself.
  void send(FullHttpRequest request, ResponseListener to) {
    Channel c = channel;
    if (c == null || !c.isActive()) {
      request.release();
      to.broken("the connection closed");
      return;
    }
    listener = to;
    keepAlive = false;
    var unused = c.writeAndFlush(request).addListener(this::sent);
  }

  /// Sends a request as it stands on the wire.
  void send(Function<ByteBufAllocator, ByteBuf> request, ResponseListener to) {
    Channel c = channel;
    ChannelHandlerContext behind = codec;
    if (c == null || behind == null || !c.isActive()) {
      to.broken("the connection closed");
      return;
    }
    listener = to;
    keepAlive = false;
    ByteBuf bytes;
    try {
      bytes = request.apply(c.alloc());
    } catch (RuntimeException e) {
      fail("the request could not be written: " + reason(e)); // or nobody would hear of its end
      return;
    }
    var unused = behind.writeAndFlush(bytes).addListener(this::sent);
  }

  private void sent(Future<?> sent) {
    if (!sent.isSuccess()) {
      fail("the request could not be sent: " + reason(sent.cause()));
    }
  }

  /// Gives up the response: closes the connection.
  void abandon() {
    listener = null;
    if (channel != null) {
      var unused = channel.close();
    }
  }

  /// Ends the wait for an answer, unless it is over.
  void giveUp(ResponseListener waiting, String why) {
    if (listener == waiting) {
      fail(why);
    }
  }

  void autoRead(boolean on) {
    if (channel != null) {
      channel.config().setAutoRead(on);
    }
  }

  boolean isActive() {
    return channel != null && channel.isActive();
  }

  void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  long idleSince() {
    return idleSinceNanos;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    channel = ctx.channel();
    codec = ctx.pipeline().context(HttpClientCodec.class);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      ResponseListener to = listener;
      if (to == null) {
        var unused = ctx.close(); // bytes nobody asked for: the peer is out of step
        return;
      }
      if (message instanceof HttpResponse response) {
        if (response.decoderResult().isFailure()) {
          fail("the answer is not HTTP/1.1");
          return;
        }
        if (response.status().code() == 101) {
          fail("the upstream switched protocols");
          return;
        }
        interim = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
        if (interim) {
          return;
        }
        keepAlive = HttpUtil.isKeepAlive(response);
        to.head(response);
      }
      if (message instanceof HttpContent content && !interim) {
        if (content.decoderResult().isFailure()) {
          fail("the answer is not HTTP/1.1");
          return;
        }
        ByteBuf bytes = content.content();
        if (bytes.isReadable() && listener == to) {
          to.data(ByteBufUtil.getBytes(bytes));
        }
        if (message instanceof LastHttpContent && listener == to) {
          finish(ctx, to);
        }
      }
      if (listener == to && to.gaveUp()) {
        abandon(); // or an endless answer would be read and thrown away for ever
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void finish(ChannelHandlerContext ctx, ResponseListener to) {
    listener = null;
    ctx.channel().config().setAutoRead(true);
    // Back to the pool before the listener runs: what it sends next may use this connection.
    if (keepAlive && ctx.channel().isActive()) {
      pool.release(this);
    } else {
      var unused = ctx.close();
    }
    to.end();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    pool.forget(this);
    fail("the connection closed");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(reason(cause));
    var unused = ctx.close();
  }

  private void fail(String why) {
    ResponseListener to = listener;
    listener = null;
    if (channel != null) {
      var unused = channel.close();
    }
    if (to != null) {
      to.broken(why);
    }
  }

  static String reason(@Nullable Throwable cause) {
    if (cause == null) {
      return "unknown";
    }
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }
}
