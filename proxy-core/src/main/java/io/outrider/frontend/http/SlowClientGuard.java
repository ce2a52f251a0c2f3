package io.outrider.frontend.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes a connection whose request does not become complete in time, however slowly bytes arrive
/// (slowloris), and one that is kept open for nothing. Costs little for a request that arrives in
/// one piece.
final class SlowClientGuard extends ChannelDuplexHandler {

  /// Long enough for 4 MiB over a bad line, short enough that idle attackers do not pile up.
  static final Duration REQUEST_TIME = Duration.ofSeconds(30);

  /// From one answer to the next whole request. Clients keep connections for less than this.
  static final Duration IDLE_TIME = Duration.ofMinutes(2);

  private boolean incomplete = true;

  /// Requests that have not been answered.
  private int open;

  /// When the connection must be closed, if nothing changes; meaningless while `waits` is false.
  private long closeAtNanos;

  private boolean waits;

  /// Looks at [#closeAtNanos]. Armed once and left alone: a timer of its own for each request would
  /// cost more than all else here. Whoever comes too early waits again for the rest.
  private @Nullable ScheduledFuture<?> timer;

  private long timerNanos;

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    start(ctx, REQUEST_TIME); // a connection that never sends anything
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      if (!incomplete) {
        stop(); // the time between requests is over, that of this one begins
      }
      incomplete = true;
      open++;
    }
    if (message instanceof LastHttpContent) {
      incomplete = false;
      stop();
    }
    ctx.fireChannelRead(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (incomplete) {
      start(ctx, REQUEST_TIME);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    boolean interim =
        message instanceof HttpResponse response
            && response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
    if ((message instanceof LastHttpContent && !interim) || message instanceof WholeReply) {
      open--;
      if (open <= 0 && !incomplete) {
        start(ctx, IDLE_TIME);
      }
    }
    ctx.write(message, promise);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
    ctx.fireChannelInactive();
  }

  private void start(ChannelHandlerContext ctx, Duration time) {
    if (waits) {
      return;
    }
    waits = true;
    long now = ctx.executor().ticker().nanoTime();
    closeAtNanos = now + time.toNanos();
    if (timer != null && timerNanos - closeAtNanos > 0) {
      timer.cancel(false); // it would come too late
      timer = null;
    }
    if (timer == null) {
      arm(ctx, now);
    }
  }

  private void stop() {
    waits = false;
  }

  private void arm(ChannelHandlerContext ctx, long now) {
    timerNanos = closeAtNanos;
    timer = ctx.executor().schedule(() -> look(ctx), timerNanos - now, TimeUnit.NANOSECONDS);
  }

  private void look(ChannelHandlerContext ctx) {
    timer = null;
    long now = ctx.executor().ticker().nanoTime();
    if (!waits) {
      return; // the next wait arms it again
    }
    if (now - closeAtNanos >= 0) {
      ctx.close();
    } else {
      arm(ctx, now);
    }
  }
}
