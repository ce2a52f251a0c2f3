package io.outrider.frontend.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import io.outrider.enforce.Answer;
import io.outrider.enforce.ClientReply;
import io.outrider.mcp.SseEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The HTTP response to one request: one JSON body, or a stream of events once there is something
/// to say before the answer. Used on the channel's loop.
final class HttpReply implements ClientReply {

  private static final byte[] KEEP_ALIVE = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ChannelHandlerContext ctx;
  private final boolean keepConnection;
  private final boolean headOnly;
  private final Map<String, String> cors;
  private final long keepAliveNanos;
  private final Runnable whenDone;

  private boolean streaming;
  private boolean done;
  private @Nullable ScheduledFuture<?> comments;
  private @Nullable Runnable whenWritable;

  /// @param keepConnection whether the client wants to send more on this connection
  /// @param headOnly the request was HEAD: the answer to it has no body
  /// @param cors headers for a browser that may read the answer
  /// @param whenDone runs when the response is complete
  HttpReply(
      ChannelHandlerContext ctx,
      boolean keepConnection,
      boolean headOnly,
      Map<String, String> cors,
      Duration keepAlive,
      Runnable whenDone) {
    this.ctx = ctx;
    this.keepConnection = keepConnection;
    this.headOnly = headOnly;
    this.cors = cors;
    this.keepAliveNanos = keepAlive.toNanos();
    this.whenDone = whenDone;
  }

  @Override
  public void openStream(Map<String, String> headers) {
    if (streaming || done) {
      return;
    }
    streaming = true;
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform")
        .set("x-accel-buffering", "no")
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    headers.forEach((name, value) -> head.headers().set(name, value));
    finishHead(head);
    send(ctx.writeAndFlush(head));
    comments =
        ctx.executor()
            .scheduleAtFixedRate(
                () -> {
                  if (!done && isWritable()) {
                    send(
                        ctx.writeAndFlush(
                            new DefaultHttpContent(Unpooled.wrappedBuffer(KEEP_ALIVE))));
                  }
                },
                keepAliveNanos,
                keepAliveNanos,
                TimeUnit.NANOSECONDS);
  }

  @Override
  public void event(SseEvent event) {
    if (done) {
      return;
    }
    openStream(Map.of());
    send(ctx.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(event.toWire()))));
  }

  @Override
  public void answer(Answer answer) {
    if (done) {
      return;
    }
    if (streaming) {
      answer(answer, SseEvent.message(answer.json()));
      return;
    }
    done = true;
    if (isPlain(answer)) {
      end(ctx.writeAndFlush(WholeReply.of(answer.json(), ctx.alloc())), true);
      return;
    }
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(answer.status()),
            headOnly ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.json()));
    if (answer.json().length > 0) {
      response.headers().set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    }
    response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, answer.json().length);
    answer.headers().forEach((name, value) -> response.headers().set(name, value));
    finishHead(response);
    end(ctx.writeAndFlush(response), keepConnection);
  }

  @Override
  public void answer(Answer answer, SseEvent event) {
    if (done) {
      return;
    }
    openStream(answer.headers());
    if (event.data().length > 0) {
      send(ctx.write(new DefaultHttpContent(Unpooled.wrappedBuffer(event.toWire()))));
    }
    close();
  }

  private boolean isPlain(Answer answer) {
    return answer.status() == 200
        && answer.json().length > 0
        && answer.headers().isEmpty()
        && cors.isEmpty()
        && keepConnection
        && !headOnly;
  }

  private void finishHead(HttpResponse head) {
    cors.forEach((name, value) -> head.headers().set(name, value));
    if (!keepConnection) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
  }

  @Override
  public void close() {
    if (done) {
      return;
    }
    if (!streaming) {
      // Nothing was said and nothing will be: an empty stream says so without an error.
      openStream(Map.of());
    }
    done = true;
    if (comments != null) {
      comments.cancel(false);
    }
    end(ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), keepConnection);
  }

  /// The channel closed under us.
  void gone() {
    done = true;
    if (comments != null) {
      comments.cancel(false);
    }
  }

  boolean isDone() {
    return done;
  }

  @Override
  public boolean isWritable() {
    return ctx.channel().isWritable();
  }

  @Override
  public void whenWritable(Runnable task) {
    whenWritable = task;
  }

  void writabilityChanged() {
    Runnable task = whenWritable;
    if (task != null && isWritable()) {
      whenWritable = null;
      task.run();
    }
  }

  private void end(ChannelFuture written, boolean keep) {
    if (keep) {
      send(written);
    } else {
      var unused = written.addListener(ChannelFutureListener.CLOSE);
    }
    whenDone.run();
  }

  private static void send(ChannelFuture written) {
    var unused = written.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }
}
