package io.outrider.jsonrpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The quick reading never says anything but what the full parser says.
class PlainMessageTest {

  private static final int MAX_DEPTH = 6;

  private static final List<String> MESSAGES =
      List.of(
          """
          {"jsonrpc":"2.0","id":17,"method":"tools/call","params":{"name":"echo","arguments":\
          {"text":"a\\nb \\"c\\" \\/ \\\\","n":-12,"big":123456789012,"deep":[[1],{"x":null}],"t":true}}}\
          """,
          """
          {"jsonrpc":"2.0","id":"a-1","result":{"content":[{"type":"text","text":"é \\u00e9"}],\
          "resultType":"complete","isError":true,"n":[0.5,-1e-7,10E+2],"structuredContent":{}}}\
          """,
          """
          { "jsonrpc" : "2.0" , "method":"notifications/progress", "params":{"progressToken":"t","progress":0} }
          """,
          """
          {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"no"}}\
          """,
          """
          {"jsonrpc":"2.0","id":1,"method":"ping","Extra":1}\
          """,
          """
          {"jsonrpc":"2.0","id":9007199254740993,"method":"x","params":{"Name":"y","name":"z"}}\
          """);

  /// What a mutation may put in: whatever JSON is made of, and some of what it is not.
  private static final String PIECES = "{}[],:\"\\0123456789.eE+-truefalsnid \n\t\u0001\u0000é_";

  private final MessageReader reader = new MessageReader(MAX_DEPTH);

  private static boolean isPlain(byte[] bytes) {
    JsonText text = JsonText.inspect(bytes);
    return text.problem == null
        && !text.hasDelicateEscape
        && PlainMessage.read(bytes, MAX_DEPTH) != null;
  }

  private void same(byte[] bytes, String what) {
    Reading quick = reader.read(bytes);
    Reading full = reader.parse(bytes);
    if (full instanceof Reading.Bad && !(quick instanceof Reading.Bad)) {
      throw new AssertionError(what + ": accepted what must be refused: " + full);
    }
    assertThat(quick).as(what).usingRecursiveComparison().withStrictTypeChecking().isEqualTo(full);
  }

  @Test
  void mutatedMessagesAreReadAlike() {
    long seed = Long.getLong("test.seed", 1);
    Random random = new Random(seed);
    int plain = 0;
    int refused = 0;
    for (int i = 0; i < 30_000; i++) {
      StringBuilder text = new StringBuilder(MESSAGES.get(random.nextInt(MESSAGES.size())).strip());
      for (int change = random.nextInt(4); change > 0; change--) {
        int at = random.nextInt(text.length());
        char piece = PIECES.charAt(random.nextInt(PIECES.length()));
        switch (random.nextInt(4)) {
          case 0 -> text.setCharAt(at, piece);
          case 1 -> text.insert(at, piece);
          case 2 -> text.deleteCharAt(at);
          default -> {
            int end = Math.min(text.length(), at + random.nextInt(40));
            text.insert(random.nextInt(text.length()), text.substring(at, end));
          }
        }
      }
      byte[] bytes = text.toString().getBytes(UTF_8);
      same(bytes, "seed " + seed + ", message " + i + ": " + text);
      plain += isPlain(bytes) ? 1 : 0;
      refused += reader.parse(bytes) instanceof Reading.Bad ? 1 : 0;
    }
    assertThat(plain).as("read quickly, or the test proves little").isGreaterThan(3_000);
    assertThat(refused).as("refused, or the test proves little").isGreaterThan(3_000);
  }

  /// Bytes, because text is always valid UTF-8 when it is written, and what arrives need not be.
  @Test
  void mutatedBytesAreReadAlike() {
    long seed = Long.getLong("test.seed", 1);
    Random random = new Random(seed);
    int plain = 0;
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = MESSAGES.get(random.nextInt(MESSAGES.size())).strip().getBytes(UTF_8);
      for (int change = random.nextInt(3); change > 0; change--) {
        int at = random.nextInt(bytes.length);
        bytes[at] = random.nextBoolean() ? (byte) random.nextInt(256) : bytes[at / 2];
      }
      byte[] cut =
          random.nextInt(8) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
      same(cut, "seed " + seed + ", message " + i + ": " + HexFormat.of().formatHex(cut));
      plain += isPlain(cut) ? 1 : 0;
      refused += reader.parse(cut) instanceof Reading.Bad ? 1 : 0;
    }
    assertThat(plain).as("read quickly, or the test proves little").isGreaterThan(1_000);
    assertThat(refused).as("refused, or the test proves little").isGreaterThan(1_000);
  }

  @Test
  void ordinaryMessagesAreReadQuickly() {
    assertThat(MESSAGES.subList(0, 3))
        .allSatisfy(m -> assertThat(isPlain(m.getBytes(UTF_8))).isTrue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"id\":2}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":{\"b\":1,\"b\":2}}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":1,\"a\":1}}",
        "{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":-0,\"method\":\"m\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"} {}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":01}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":\"\\x\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"a\":[[[[[1]]]]]}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":1e99999999999}}",
        "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}]",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":\"\\ud800\"}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"\\u0000\":1}}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"p\\u0061rams\":{},\"params\":{}}",
      })
  void whatIsWrongIsLeftToTheFullParser(String message) {
    byte[] bytes = message.getBytes(UTF_8);
    assertThat(isPlain(bytes)).isFalse();
    assertThat(reader.read(bytes)).isInstanceOf(Reading.Bad.class);
    same(bytes, message);
  }
}
