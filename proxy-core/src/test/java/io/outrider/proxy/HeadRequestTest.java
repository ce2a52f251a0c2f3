package io.outrider.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.fixture.FakeUpstream;
import io.outrider.fixture.RawHttp;
import io.outrider.fixture.RunningProxy;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The answer to HEAD says how long its body would be and has none: a client that takes what
/// follows for the next answer must not be led astray.
class HeadRequestTest {

  @TempDir private Path folder;

  @Test
  void whatFollowsTheAnswerToHeadIsTheNextAnswer() throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        RunningProxy proxy = RunningProxy.start(upstream, folder, s -> s);
        Socket socket = new Socket(proxy.address().getAddress(), proxy.address().getPort())) {
      socket.setSoTimeout(10_000);
      String head = " /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n";
      socket.getOutputStream().write(("HEAD" + head + "PUT" + head).getBytes(US_ASCII));
      RawHttp in = new RawHttp(socket.getInputStream());

      RawHttp.Head answer = in.head();
      assertThat(answer).isNotNull();
      assertThat(answer.start()[1]).isEqualTo("405");
      assertThat(Integer.parseInt(answer.headers().get("content-length"))).isPositive();
      RawHttp.Message next = in.read();
      assertThat(next).isNotNull();
      assertThat(next.status()).isEqualTo(405);
      assertThat(next.text()).startsWith("{\"jsonrpc\"");
    }
  }
}
