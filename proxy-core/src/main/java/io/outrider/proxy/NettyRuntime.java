package io.outrider.proxy;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.ScheduledFuture;
import io.outrider.limit.Cancellable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Event loops and the channel types that go with them: epoll where it is there, NIO elsewhere.
final class NettyRuntime implements AutoCloseable {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(10);

  private final EventLoopGroup loops;
  private final boolean epoll;

  private NettyRuntime(EventLoopGroup loops, boolean epoll) {
    this.loops = loops;
    this.epoll = epoll;
  }

  /// Finds and loads the native transport.
  static void preload() {
    Epoll.isAvailable();
  }

  static NettyRuntime start() {
    // Tracking one buffer in 128 costs two stack traces each: 3 per cent of the processor time of a
    // busy proxy. Whoever looks for a leak says so with the property.
    if (System.getProperty("io.netty.leakDetection.level") == null
        && ResourceLeakDetector.getLevel() == ResourceLeakDetector.Level.SIMPLE) {
      ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }
    boolean epoll = Epoll.isAvailable();
    IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    return new NettyRuntime(new MultiThreadIoEventLoopGroup(threads, factory), epoll);
  }

  EventLoopGroup loops() {
    return loops;
  }

  Class<? extends ServerSocketChannel> serverChannel() {
    return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  Class<? extends Channel> clientChannel() {
    return epoll ? EpollSocketChannel.class : NioSocketChannel.class;
  }

  Class<? extends DatagramChannel> datagramChannel() {
    return epoll ? EpollDatagramChannel.class : NioDatagramChannel.class;
  }

  /// The timer of the limiter.
  Cancellable schedule(Runnable task, long delayNanos) {
    ScheduledFuture<?> scheduled = loops.next().schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  void every(Duration period, Runnable task) {
    var unused =
        loops
            .next()
            .scheduleWithFixedDelay(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Waits on the calling thread until a condition holds.
  ///
  /// @return whether it held in time
  boolean await(BooleanSupplier condition, Duration patience) {
    CountDownLatch holds = new CountDownLatch(1);
    ScheduledFuture<?> looking =
        loops
            .next()
            .scheduleWithFixedDelay(
                () -> {
                  if (condition.getAsBoolean()) {
                    holds.countDown();
                  }
                },
                0,
                LOOK_AGAIN.toNanos(),
                TimeUnit.NANOSECONDS);
    try {
      return holds.await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      looking.cancel(false);
    }
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly(3, TimeUnit.SECONDS);
  }
}
