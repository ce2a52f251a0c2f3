package io.outrider.upstream.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What stands on the wire for whole calls is seen by the tests of running proxies; here is what
/// must never stand there.
class WirePostTest {

  private final ByteBuf out = Unpooled.buffer();

  @Test
  void aHeaderIsOneLine() {
    WirePost.header(out, "Mcp-Param-City", "San José\tde");

    assertThat(out.toString(java.nio.charset.StandardCharsets.ISO_8859_1))
        .isEqualTo("Mcp-Param-City: San José\tde\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nb: c", "a\nb", "a\u0000b", "a\u007fb", "a\u0100b"})
  void aValueThatIsNoneIsRefused(String value) {
    assertThatThrownBy(() -> WirePost.header(out, "mcp-session-id", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in a header");
    assertThat(out.toString(US_ASCII)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a:b", "a\r\nb", "é"})
  void aNameThatIsNoneIsRefused(String name) {
    assertThatThrownBy(() -> WirePost.header(out, name, "x"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(out.toString(US_ASCII)).isEmpty();
  }
}
