package io.outrider.sinks.syslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.outrider.sinks.Delivery;
import io.outrider.sinks.TestLog;
import io.outrider.sinks.net.TestKeys;
import io.outrider.sinks.net.Tls;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyslogSinkTest {
  @TempDir private Path temp;
  private TestLog log;
  private final AtomicLong nanos = new AtomicLong();

  @BeforeEach
  void aLog() throws Exception {
    log = new TestLog(temp.resolve("log"));
    log.write(300);
  }

  private SyslogSink sink(int port, @Nullable SSLContext tls) {
    return new SyslogSink(
        new SyslogSink.Receiver("127.0.0.1", port, tls), 13, "proxy 1.example", nanos::get);
  }

  @Test
  void messagesAreOfRfc5424AndCarryTheLine() throws Exception {
    List<String> messages;
    try (SyslogServer server = new SyslogServer(ServerSocketFactory.getDefault());
        SyslogSink sink = sink(server.port(), null)) {
      for (Delivery delivery : log.deliveries(100)) {
        sink.deliver(delivery);
      }
      messages = server.take((int) log.size());
      assertThat(server.wrong).isNull();
    }

    List<String> lines = log.lines();
    for (int i = 0; i < messages.size(); i++) {
      String head = messages.get(i).substring(0, messages.get(i).length() - lines.get(i).length());
      assertThat(head)
          .matches(
              "<110>1 \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z proxy1\\.example outrider - event"
                  + " \\[outrider@32473 origin=\"example.com/sinks\" index=\""
                  + i
                  + "\"] ");
      assertThat(messages.get(i)).endsWith(lines.get(i));
    }
  }

  @Test
  void tlsTrustsOnlyTheGivenAuthorityAndShowsItsOwnCertificate() throws Exception {
    TestKeys server = TestKeys.in(temp, "receiver");
    TestKeys client = TestKeys.in(temp, "proxy");
    SSLServerSocketFactory factory =
        Tls.context(client.cert(), server.cert(), server.key()).getServerSocketFactory();
    ServerSocketFactory mutual =
        new ServerSocketFactory() {
          @Override
          public ServerSocket createServerSocket(int port) throws IOException {
            throw new IOException("not used");
          }

          @Override
          public ServerSocket createServerSocket(int port, int backlog) throws IOException {
            throw new IOException("not used");
          }

          @Override
          public ServerSocket createServerSocket(
              int port, int backlog, java.net.InetAddress address) throws IOException {
            SSLServerSocket socket =
                (SSLServerSocket) factory.createServerSocket(port, backlog, address);
            socket.setNeedClientAuth(true);
            return socket;
          }
        };
    try (SyslogServer receiver = new SyslogServer(mutual)) {
      try (SyslogSink sink =
          sink(receiver.port(), Tls.context(server.cert(), client.cert(), client.key()))) {
        sink.deliver(log.deliveries(50).getFirst());
        assertThat(receiver.take(50)).last().asString().endsWith(log.lines().get(49));
        sink.check();
      }
      try (SyslogSink sink = sink(receiver.port(), Tls.context(null, null, null))) {
        assertThatThrownBy(() -> sink.deliver(log.deliveries(50).getFirst()))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("127.0.0.1:" + receiver.port())
            .hasMessageContaining("certification path");
      }
    }
  }

  @Test
  void whatWasWrittenJustBeforeTheConnectionBrokeIsInDoubt() throws Exception {
    List<Delivery> deliveries = log.deliveries(100);
    try (SyslogServer server = new SyslogServer(ServerSocketFactory.getDefault());
        SyslogSink sink = sink(server.port(), null)) {
      sink.deliver(deliveries.get(0));
      assertThat(sink.safe(100)).isZero();
      nanos.addAndGet(SyslogSink.DOUBT.toNanos());
      assertThat(sink.safe(100)).isEqualTo(100);
      sink.deliver(deliveries.get(1));
      assertThat(sink.safe(200)).isEqualTo(100);
      server.take(200);
      server.dropConnections();

      Throwable lost = null;
      // The end of a connection takes its time, also on loopback.
      for (int i = 0; i < 1000 && lost == null; i++) {
        lost = catchThrowable(sink::check);
      }
      nanos.addAndGet(SyslogSink.DOUBT.toNanos() * 2);

      assertThat(lost).isInstanceOf(IOException.class).hasMessageContaining("closed by");
      assertThat(sink.safe(200)).as("time does not help a broken connection").isEqualTo(100);
      sink.deliver(deliveries.get(1));
      assertThat(server.take(100)).last().asString().endsWith(log.lines().get(199));
      assertThat(sink.safe(200)).isEqualTo(100);
      nanos.addAndGet(SyslogSink.DOUBT.toNanos());
      assertThat(sink.safe(200)).isEqualTo(200);
    }
  }

  @Test
  void nobodyThereIsAnErrorThatNamesThePlace() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (SyslogSink sink = sink(port, null)) {
      assertThatThrownBy(() -> sink.deliver(log.deliveries(10).getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("127.0.0.1:" + port + ": ");
    }
  }
}
