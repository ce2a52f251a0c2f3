package io.outrider.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReaderTest {

  private final MessageReader reader = new MessageReader(16);

  private Reading read(String json) {
    return reader.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void keepsTheBytesOfAnExactMessage() {
    byte[] bytes =
        "{\"jsonrpc\":\"2.0\",\"id\":\"a\\u0062\",\"method\":\"ping\"}"
            .getBytes(StandardCharsets.UTF_8);
    assertThat(reader.read(bytes))
        .isInstanceOfSatisfying(
            Reading.Parsed.class,
            parsed -> {
              assertThat(parsed.message().bytes()).isSameAs(bytes);
              assertThat(((JsonRpcMessage.Request) parsed.message()).id())
                  .isEqualTo(new JsonRpcId.Str("ab"));
            });
  }

  @Test
  void forwardsOnlyWhatItUnderstoodOnOneLine() {
    Reading reading =
        read(
            "{\n \"jsonrpc\": \"2.0\",\n \"extra\": 1, \"method\": \"m\", \"params\": {\"n\": 1.10}}");
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Parsed.class,
            parsed ->
                assertThat(new String(parsed.message().bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"n\":1.10}}"));
  }

  @Test
  void looksAtTheKindOfAResultOnly() {
    Reading reading =
        read(
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"a\":{\"isError\":true},\"resultType\":\"task\",\"isError\":false}}");
    assertThat(reading)
        .isInstanceOfSatisfying(
            Reading.Parsed.class,
            parsed ->
                assertThat((JsonRpcMessage.Result) parsed.message())
                    .satisfies(r -> assertThat(r.resultType()).isEqualTo("task"))
                    .satisfies(r -> assertThat(r.isError()).isFalse()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"Method\":\"x\",\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":\"a\",\"NAME\":\"b\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"argument\u017F\":{}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":\"\\ud800\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\\u0000\":1}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1.0,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[]}",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}]",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"} {}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{\"code\":1,\"message\":\"\"}}",
        "{\"id\":1,\"method\":\"m\"}",
        "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}"
      })
  void refusesWhatTwoParsersCouldReadDifferently(String json) {
    assertThat(read(json)).isInstanceOf(Reading.Bad.class);
  }

  @Test
  void namesTheRequestItRefuses() {
    assertThat(read("{\"method\":\"m\",\"jsonrpc\":\"1.0\",\"id\":7}"))
        .isInstanceOfSatisfying(
            Reading.Bad.class, bad -> assertThat(bad.id()).isEqualTo(new JsonRpcId.Num(7)));
  }

  /// Random damage to a good message is read or refused, never thrown at the caller.
  @RepeatedTest(50)
  void neverThrows(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    byte[] good =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"é\\u00e9\",\"arguments\":{\"a\":[1,2.5e3,null]}}}"
            .getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = good.clone();
      for (int hits = random.nextInt(1, 5); hits > 0; hits--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(reader.read(bytes)).isNotNull();
    }
  }
}
