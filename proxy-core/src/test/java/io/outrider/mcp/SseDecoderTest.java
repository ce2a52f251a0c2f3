package io.outrider.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.mcp.SseDecoder.EventTooLarge;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SseDecoderTest {

  private static final String STREAM =
      "\uFEFF: hello\r\nid: a/1\r\nretry: 500\r\ndata:\r\n\r\nevent: message\ndata: {\"a\":\ndata: 1}\n\n"
          + "data: x\r\revent: other\ndata: y\n\ndata: never ended";

  private static List<String> decode(String text, int piece) throws EventTooLarge {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    SseDecoder decoder = new SseDecoder(1 << 16);
    List<String> events = new ArrayList<>();
    for (int i = 0; i < bytes.length; i += piece) {
      decoder.feed(
          Arrays.copyOfRange(bytes, i, Math.min(bytes.length, i + piece)),
          e ->
              events.add(
                  e.type()
                      + "|"
                      + e.id()
                      + "|"
                      + e.retry()
                      + "|"
                      + new String(e.data(), StandardCharsets.UTF_8)));
    }
    return events;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 64, 4096})
  void cutsEventsTheSameWayHoweverTheBytesArrive(int piece) throws EventTooLarge {
    assertThat(decode(STREAM, piece))
        .containsExactly(
            "message|a/1|500|",
            "message|null|null|{\"a\":\n1}",
            "message|null|null|x",
            "other|null|null|y");
  }

  @Test
  void ignoresAnIdThatCouldInjectAndARetryThatIsNoNumber() throws EventTooLarge {
    assertThat(decode("id: a b\nretry: 5s\ndata: x\n\n", 100))
        .containsExactly("message|null|null|x");
  }

  @Test
  void stopsAtAnEventThatNeverEnds() {
    SseDecoder decoder = new SseDecoder(100);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 200; i++) {
                decoder.feed("data: more\n".getBytes(StandardCharsets.UTF_8), e -> {});
              }
            })
        .isInstanceOf(EventTooLarge.class);
  }

  @Test
  void writesWhatItReads() throws EventTooLarge {
    SseEvent event =
        new SseEvent(
            "s/7",
            SseEvent.MESSAGE,
            250L,
            "{\"jsonrpc\":\"2.0\"}".getBytes(StandardCharsets.UTF_8));
    assertThat(decode(new String(event.toWire(), StandardCharsets.UTF_8), 1000))
        .containsExactly("message|s/7|250|{\"jsonrpc\":\"2.0\"}");
  }
}
