package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class HttpSourceTest {
  @Test
  void anAnswerThatTricklesIsNotWaitedFor() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 100);
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          exchange.close();
        });
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    try (HttpSource source = new HttpSource(address, Duration.ofMillis(200))) {
      assertThatThrownBy(() -> source.read("checkpoint"))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("no whole answer within");
    } finally {
      done.countDown();
      server.stop(0);
    }
  }

  @Test
  void onlyWebAddressesAreTaken() {
    for (String address : new String[] {"file:///etc", "ftp://a.test/", "http:///x", "log"}) {
      assertThatThrownBy(() -> new HttpSource(URI.create(address)))
          .hasMessageContaining("(expected: an http or https address with a host)");
    }
    assertThatThrownBy(() -> new HttpSource(URI.create("https://user:secret@a.test/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }
}
