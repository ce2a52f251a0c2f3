package io.outrider.upstream.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.local.LocalChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.resolver.DefaultAddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HttpConnectionTest {

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final HttpConnection connection =
      new HttpConnection(
          new HttpPool(
              channel.eventLoop(),
              LocalChannel.class,
              InetSocketAddress.createUnresolved("upstream", 80),
              null,
              DefaultAddressResolverGroup.INSTANCE,
              Duration.ofSeconds(1),
              8192,
              System::nanoTime));
  private final List<String> heard = new ArrayList<>();

  HttpConnectionTest() {
    channel.pipeline().addLast(new HttpClientCodec(), connection);
  }

  @AfterEach
  void leaveNoBuffers() {
    channel.finishAndReleaseAll();
  }

  private void ask() {
    connection.send(
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, "/", Unpooled.copiedBuffer("{}", US_ASCII)),
        new ResponseListener() {
          @Override
          public void head(HttpResponse response) {
            heard.add("head " + response.status().code());
          }

          @Override
          public void data(byte[] bytes) {
            heard.add(new String(bytes, US_ASCII));
          }

          @Override
          public void end() {
            heard.add("end");
          }

          @Override
          public boolean gaveUp() {
            return heard.contains("enough");
          }

          @Override
          public void broken(String why) {
            heard.add("broken");
          }
        });
    for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
      sent.release();
    }
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
  }

  @Test
  void interimResponsesAreNotTheResponse() {
    ask();
    receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
    assertThat(heard).isEmpty();

    receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    assertThat(heard).containsExactly("head 200", "hi", "end");
  }

  @Test
  void oneConnectionCarriesOneRequestAfterTheOther() {
    ask();
    receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    ask();
    receive("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");

    assertThat(heard).containsExactly("head 200", "a", "end", "head 202", "end");
    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void aSecondAnswerToOneRequestClosesTheConnection() {
    ask();
    receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
    receive("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb");

    assertThat(heard).containsExactly("head 200", "a", "end");
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void anAnswerCutShortIsBrokenOnce() {
    ask();
    receive("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
    channel.close();

    assertThat(heard).containsExactly("head 200", "abc", "broken");
  }

  @Test
  void anAnswerThatIsNoHttpIsBrokenOnceAndCloses() {
    ask();
    receive("SSH-2.0-OpenSSH_9.7\r\n\r\n");

    assertThat(heard).containsExactly("broken");
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void aListenerThatHasHeardEnoughClosesTheConnection() {
    ask();
    receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nenough\r\n6\r\nunread\r\n");

    assertThat(heard).containsExactly("head 200", "enough");
    assertThat(channel.isActive()).isFalse();
  }
}
