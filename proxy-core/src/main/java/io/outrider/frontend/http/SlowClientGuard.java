package io.outrider.frontend.http;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Closes a connection whose request does not become complete in time, however slowly bytes arrive
/// (slowloris). Costs nothing for a request that arrives in one piece.
final class SlowClientGuard extends ChannelDuplexHandler {

  /// Long enough for 4 MiB over a bad line, short enough that idle attackers do not pile up.
  static final Duration REQUEST_TIME = Duration.ofSeconds(30);

  private boolean incomplete = true;
  private @Nullable ScheduledFuture<?> deadline;

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    start(ctx); // a connection that never sends anything
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpRequest) {
      incomplete = true;
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
      start(ctx);
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    stop();
    ctx.fireChannelInactive();
  }

  private void start(ChannelHandlerContext ctx) {
    if (deadline == null) {
      deadline =
          ctx.executor()
              .schedule(() -> ctx.close(), REQUEST_TIME.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private void stop() {
    if (deadline != null) {
      deadline.cancel(false);
      deadline = null;
    }
  }
}
