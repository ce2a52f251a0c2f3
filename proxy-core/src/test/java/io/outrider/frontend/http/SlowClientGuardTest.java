package io.outrider.frontend.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SlowClientGuardTest {

  private static final long TIME = SlowClientGuard.REQUEST_TIME.toMillis();

  private final EmbeddedChannel channel;

  SlowClientGuardTest() {
    channel = new EmbeddedChannel();
    channel.freezeTime();
    channel.pipeline().addLast(new HttpServerCodec(), new SlowClientGuard());
    channel.pipeline().fireChannelActive();
  }

  @AfterEach
  void leaveNoBuffers() {
    channel.finishAndReleaseAll();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, US_ASCII));
    channel.releaseInbound();
  }

  private void pass(long millis) {
    channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    channel.runScheduledPendingTasks();
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() {
    pass(TIME - 1);
    assertThat(channel.isActive()).isTrue();
    pass(1);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void headersThatDribbleInDoNotBuyTime() {
    receive("POST /mcp HTTP/1.1\r\n");
    for (int i = 0; i < 10; i++) {
      receive("X-Slow-" + i + ": x\r\n");
      pass(TIME / 10);
    }

    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void aBodyThatDribblesInDoesNotBuyTime() {
    receive("POST /mcp HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 10; i++) {
      receive("x");
      pass(TIME / 10);
    }

    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void aCompleteRequestMayTakeItsTimeToBeAnswered() {
    receive("POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
    pass(10 * TIME);

    assertThat(channel.isActive()).isTrue();
  }

  @Test
  void aConnectionThatIsKeptForNothingIsClosed() {
    receive("POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
    pass(10 * TIME);
    answer();
    receive("POST /mcp HTTP/1.1\r\nContent-Le"); // half a head is no request
    pass(SlowClientGuard.IDLE_TIME.toMillis() - 1);
    assertThat(channel.isActive()).isTrue();
    pass(1);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void theNextRequestOnAConnectionHasItsOwnTime() {
    receive("POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
    answer();
    pass(SlowClientGuard.IDLE_TIME.toMillis() - 1);
    receive("POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n\r\n{");
    pass(TIME - 1);
    assertThat(channel.isActive()).isTrue();
    pass(1);
    assertThat(channel.isActive()).isFalse();
  }

  @Test
  void aRequestSentAheadIsNotCutOffByTheAnswerBeforeIt() {
    String request = "POST /mcp HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}";
    receive(request + request);
    answer();
    pass(10 * SlowClientGuard.IDLE_TIME.toMillis());

    assertThat(channel.isActive()).isTrue();
  }

  private void answer() {
    channel.writeOutbound(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK));
    channel.releaseOutbound();
  }
}
