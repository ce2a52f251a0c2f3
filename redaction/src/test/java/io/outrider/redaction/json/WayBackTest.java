package io.outrider.redaction.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Walking back through one string leads to the same bytes as the map of all.
class WayBackTest {
  private static final String[] PIECES = {
    "a", "plain text", "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\u20ac",
        "\\ud83d\\ude00",
    "\\ud83d", "\\ude00", "\\ud83d\\u0041", "é", "€", "😀", "\\\\u0041", "01234567", "{}",
        "[\\\"a\\\"]"
  };

  private final SplittableRandom random = new SplittableRandom(8);

  @Test
  void everyByteOfEveryStringLeadsBackToWhereItCameFrom() throws NotJsonException {
    for (int round = 0; round < 2_000; round++) {
      byte[] message = message();
      int offset = random.nextInt(9);
      byte[] padded = new byte[offset + message.length];
      System.arraycopy(message, 0, padded, offset, message.length);
      var walking = new JsonText();
      walking.read(padded, offset, message.length);
      var mapping = new JsonText();
      mapping.read(padded, offset, message.length);
      mapping.rawStart(0); // a bracket is on no walk
      Tape tape = walking.tape();
      for (int entry = 0; entry < tape.size(); entry++) {
        if (tape.kind(entry) == Tape.STRING
            || tape.kind(entry) == Tape.KEY
            || tape.kind(entry) == Tape.NUMBER) {
          assertSame(walking, mapping, tape.start(entry), tape.end(entry));
        }
      }
      for (int i = 0; i < 200; i++) {
        int start = random.nextInt(walking.length());
        assertSame(walking, mapping, start, start + 1);
      }
    }
  }

  private void assertSame(JsonText walking, JsonText mapping, int from, int to) {
    int step = random.nextBoolean() ? 3 : 2_000;
    for (int at = from; at < to; at += 1 + random.nextInt(step)) {
      assertThat(walking.rawStart(at)).isEqualTo(mapping.rawStart(at));
      assertThat(walking.rawEnd(at + 1)).isEqualTo(mapping.rawEnd(at + 1));
    }
  }

  private byte[] message() {
    var json = new StringBuilder("{ \"n\" : -12.5e3,");
    for (int i = 0; i < 4; i++) {
      json.append(" \"").append(string()).append("\" :\n[ \"").append(string()).append("\" , 7 ],");
    }
    String inner = "{\"k\":\"" + string() + "\"}";
    json.append("\"nested\":\"").append(inner.replace("\\", "\\\\").replace("\"", "\\\""));
    return json.append("\"}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private String string() {
    var text = new StringBuilder();
    // Now and then long enough to be walked by blocks, with few kinds of escapes.
    int most = random.nextInt(8) == 0 ? 600 : 12;
    int kinds = random.nextBoolean() ? PIECES.length : 1 + random.nextInt(5);
    for (int i = random.nextInt(most); i > 0; i--) {
      text.append(PIECES[random.nextInt(kinds)]);
    }
    return text.toString();
  }
}
