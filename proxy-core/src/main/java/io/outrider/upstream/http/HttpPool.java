package io.outrider.upstream.http;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Idle connections of one event loop to one upstream, last used first. Used on that loop.
final class HttpPool {

  /// Node's servers close an idle connection after five seconds; a request sent at that moment is
  /// lost, and a lost tools/call cannot be repeated safely.
  private static final long MAX_IDLE_NANOS = Duration.ofSeconds(4).toNanos();

  private final EventLoop loop;
  private final Class<? extends Channel> channelType;
  private final InetSocketAddress address;
  private final @Nullable SslContext tls;
  private final AddressResolverGroup<?> resolver;
  private final int connectMillis;
  private final int maxHeaderBytes;
  private final LongSupplier nanoTime;
  private final ArrayDeque<HttpConnection> idle = new ArrayDeque<>();

  HttpPool(
      EventLoop loop,
      Class<? extends Channel> channelType,
      InetSocketAddress address,
      @Nullable SslContext tls,
      AddressResolverGroup<?> resolver,
      Duration connect,
      int maxHeaderBytes,
      LongSupplier nanoTime) {
    this.loop = loop;
    this.channelType = channelType;
    this.address = address;
    this.tls = tls;
    this.resolver = resolver;
    this.connectMillis = (int) connect.toMillis();
    this.maxHeaderBytes = maxHeaderBytes;
    this.nanoTime = nanoTime;
  }

  /// A connection, at once or after connecting.
  void acquire(Consumer<HttpConnection> ready, Consumer<String> failed) {
    long now = nanoTime.getAsLong();
    for (HttpConnection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
      if (c.isActive() && now - c.idleSince() < MAX_IDLE_NANOS) {
        ready.accept(c);
        return;
      }
      c.abandon();
    }
    connect(ready, failed);
  }

  private void connect(Consumer<HttpConnection> ready, Consumer<String> failed) {
    HttpConnection connection = new HttpConnection(this);
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(channelType)
            .resolver(resolver)
            .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      channel
                          .pipeline()
                          .addLast(
                              tls.newHandler(
                                  channel.alloc(), address.getHostString(), address.getPort()));
                    }
                    channel
                        .pipeline()
                        .addLast(
                            new HttpClientCodec(
                                new HttpDecoderConfig().setMaxHeaderSize(maxHeaderBytes),
                                false,
                                false))
                        .addLast(connection);
                  }
                });
    var unused =
        bootstrap
            .connect(address)
            .addListener(done -> {
              if (done.isSuccess()) {
                ready.accept(connection);
              } else {
                failed.accept(
                    "cannot connect to "
                        + address.getHostString()
                        + ":"
                        + address.getPort()
                        + ": "
                        + HttpConnection.reason(done.cause()));
              }
            });
  }

  void release(HttpConnection connection) {
    long now = nanoTime.getAsLong();
    connection.idleSince(now);
    idle.addFirst(connection);
    // The ones at the end were used in a burst that is over.
    for (HttpConnection c = idle.peekLast();
        c != null && now - c.idleSince() >= MAX_IDLE_NANOS;
        c = idle.peekLast()) {
      idle.removeLast();
      c.abandon();
    }
  }

  void forget(HttpConnection connection) {
    idle.remove(connection);
  }

  void close() {
    loop.execute(() -> {
      for (HttpConnection c = idle.pollFirst(); c != null; c = idle.pollFirst()) {
        c.abandon();
      }
    });
  }
}
