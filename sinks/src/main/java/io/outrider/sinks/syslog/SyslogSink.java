package io.outrider.sinks.syslog;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.Item;
import io.outrider.sinks.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// Writes syslog messages to one connection that is kept.
///
/// Syslog acknowledges nothing: bytes that were written may lie in a buffer of either side when the
/// connection breaks. So a record counts as safe only when the connection was still whole [#DOUBT]
/// after it was written; when it breaks before, everything in doubt is sent again.
public final class SyslogSink implements Sink {
  /// Far longer than a receiver that works leaves bytes in a buffer.
  static final Duration DOUBT = Duration.ofSeconds(30);

  private static final Duration CONNECT = Duration.ofSeconds(10);

  /// How long a receiver may leave a full buffer standing.
  private static final Duration WRITE = Duration.ofSeconds(30);

  private final Receiver receiver;
  private final SyslogMessage message;
  private final LongSupplier nanos;
  private final Deque<Sent> inDoubt = new ArrayDeque<>();
  private @Nullable Connection connection;

  /// Who receives.
  ///
  /// @param tls what to trust and show; null for plain TCP
  public record Receiver(String host, int port, @Nullable SSLContext tls) {}

  private record Sent(long from, long at) {}

  /// @param raw the TCP socket; closing it ends a write that hangs, also below TLS
  private record Connection(Socket raw, Socket socket) {
    void close() {
      try {
        raw.close();
      } catch (IOException e) {
        // It is of no use any more.
      }
    }
  }

  /// @param facility 0 to 23
  /// @param host this machine's name in the messages
  public SyslogSink(Receiver receiver, int facility, String host, LongSupplier nanos) {
    this.receiver = receiver;
    this.message = new SyslogMessage(facility, host);
    this.nanos = nanos;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException {
    Connection open = connection;
    if (open == null) {
      open = connect();
      connection = open;
      // The shipper comes with what was in doubt.
      inDoubt.clear();
    } else {
      probe(open);
    }
    ByteArrayOutputStream frames = new ByteArrayOutputStream();
    for (Item item : delivery.items()) {
      frames.writeBytes(message.framed(delivery.origin(), item));
    }
    inDoubt.add(new Sent(delivery.from(), nanos.getAsLong()));
    write(open, frames.toByteArray());
    probe(open);
  }

  @Override
  public long safe(long sent) {
    if (connection != null) {
      long before = nanos.getAsLong() - DOUBT.toNanos();
      while (!inDoubt.isEmpty() && inDoubt.getFirst().at() <= before) {
        inDoubt.removeFirst();
      }
    }
    return inDoubt.isEmpty() ? sent : Math.min(sent, inDoubt.getFirst().from());
  }

  @Override
  public void check() throws IOException {
    Connection open = connection;
    if (open != null) {
      probe(open);
    }
  }

  private Connection connect() throws IOException {
    Socket raw = new Socket();
    try {
      raw.connect(
          new InetSocketAddress(receiver.host(), receiver.port()), (int) CONNECT.toMillis());
      raw.setKeepAlive(true);
      raw.setTcpNoDelay(true);
      SSLContext tls = receiver.tls();
      if (tls == null) {
        return new Connection(raw, raw);
      }
      SSLSocket socket =
          (SSLSocket)
              tls.getSocketFactory().createSocket(raw, receiver.host(), receiver.port(), true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.setSoTimeout((int) CONNECT.toMillis());
      socket.startHandshake();
      return new Connection(raw, socket);
    } catch (IOException e) {
      raw.close();
      throw new IOException(receiver.host() + ":" + receiver.port() + ": " + e.getMessage(), e);
    }
  }

  /// A socket's write knows no timeout, so somebody else watches the clock.
  private void write(Connection open, byte[] bytes) throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    Thread.startVirtualThread(() -> closeUnless(done, open));
    try {
      open.socket().getOutputStream().write(bytes);
      open.socket().getOutputStream().flush();
    } catch (IOException e) {
      throw lost(open, e);
    } finally {
      done.countDown();
    }
  }

  private static void closeUnless(CountDownLatch done, Connection open) {
    try {
      if (!done.await(WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
        open.close();
      }
    } catch (InterruptedException e) {
      open.close();
    }
  }

  /// A receiver says nothing, so all there is to read is the end.
  private void probe(Connection open) throws IOException {
    int count;
    try {
      open.socket().setSoTimeout(1);
      count = open.socket().getInputStream().read(new byte[256]);
    } catch (SocketTimeoutException e) {
      return; // open and silent, as it should be
    } catch (IOException e) {
      throw lost(open, e);
    }
    if (count < 0) {
      throw lost(open, new IOException("closed by the receiver"));
    }
  }

  private IOException lost(Connection open, IOException why) {
    open.close();
    connection = null;
    return new IOException(receiver.host() + ":" + receiver.port() + ": " + why.getMessage(), why);
  }

  @Override
  public void close() {
    Connection open = connection;
    if (open != null) {
      open.close();
    }
  }
}
