package io.outrider.redaction.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Personal data is found wherever it stands, and by nothing but itself: what lies after a text in
/// its array does not count.
class DetectionsTest {
  /// As much as a search may read of what comes after a text.
  private static final int SLACK = 16;

  private static final int NUMBERS_OF_EACH = 40;

  private final SplittableRandom random = new SplittableRandom(4);
  private final Marks marks = new Marks();

  private interface Detector {
    void find(byte[] text, int from, int to, Marks marks, Detections.Sink sink);
  }

  private List<String> found(Detector detector, String before, String text, String after) {
    byte[] all = (before + text + after + "1".repeat(SLACK)).getBytes(StandardCharsets.ISO_8859_1);
    int from = before.length();
    int to = from + text.length();
    List<String> found = new ArrayList<>();
    marks.find(all, from, to);
    detector.find(
        all,
        from,
        to,
        marks,
        (start, stop) ->
            found.add(new String(all, start, stop - start, StandardCharsets.ISO_8859_1)));
    return found;
  }

  private void assertFoundAnywhere(Detector detector, String value) {
    // At every place of a word, and of the words that are looked at together.
    int block = Sieve.WORDS * Words.SIZE;
    for (int length = 0; length < block + 20; length += length == 20 ? block - 60 : 1) {
      for (String near : List.of("\n", "x ", "\"", "<", ", ")) {
        String before = "-".repeat(length) + near;
        assertThat(found(detector, "", before + value, "")).as(before).containsExactly(value);
        assertThat(found(detector, "", before + value + ";", "")).containsExactly(value);
      }
    }
    for (String around : List.of("1", "a", "A", "@", ":", ".", "-", " 1", "+")) {
      assertThat(found(detector, around, value, around)).as(around).containsExactly(value);
    }
  }

  @Test
  void aTextMayBeNothingElseAndMayBeginAnywhere() {
    assertFoundAnywhere(Detections::cards, "4111111111111111");
    assertFoundAnywhere(Detections::cards, "4222222222222");
    assertFoundAnywhere(Detections::cards, "4111 1111 1111 1111");
    assertFoundAnywhere(Detections::cards, "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1");
    assertFoundAnywhere(Detections::ibans, "NO9386011117947");
    assertFoundAnywhere(Detections::ibans, "GB82 WEST 1234 5698 7654 32");
    assertFoundAnywhere(Detections::phones, "+44 20 7946 0958");
    assertFoundAnywhere(Detections::phones, "(212) 555-0187");
    assertFoundAnywhere(Detections::phones, "212.555.0187");
    assertFoundAnywhere(Detections::phones, "030/901820");
    assertFoundAnywhere(Detections::addresses, "9.8.7.6");
    assertFoundAnywhere(Detections::addresses, "203.0.113.7");
    assertFoundAnywhere(Detections::addresses, "2001:db8::7334");
    assertFoundAnywhere(Detections::addresses, "::ffff:9.8.7.6");
    assertFoundAnywhere(Detections::emails, "a@b.cd");
    assertFoundAnywhere(Detections::emails, "jane.doe+x@acme.co.uk");
  }

  @Test
  void nothingIsFoundThatIsCutOff() {
    List<Detector> detectors =
        List.of(
            Detections::cards,
            Detections::ibans,
            Detections::phones,
            Detections::addresses,
            Detections::emails);
    List<String> values =
        List.of("4222222222222", "NO9386011117947", "212-555-0187", "9.8.7.6", "jd@acme.de");
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      assertThat(found(detectors.get(i), "", value, "")).containsExactly(value);
      int least = i == 4 ? value.indexOf('.') + 3 : value.length();
      for (int length = 0; length < least; length++) {
        assertThat(found(detectors.get(i), "", value.substring(0, length), value.substring(length)))
            .as(value.substring(0, length))
            .isEmpty();
      }
    }
  }

  /// What hangs together by one kind of separator is one number, and no part of it another.
  @Test
  void aCardInALongerRowOfGroupsIsNone() {
    String card = "4111 1111 1111 1111";
    assertThat(found(Detections::cards, "", "12 " + card, "")).isEmpty();
    assertThat(found(Detections::cards, "", card + " 12", "")).isEmpty();
    assertThat(found(Detections::cards, "", "1-2 " + card, "")).containsExactly(card);
    assertThat(found(Detections::cards, "", "1 2-3-4 " + card, "")).containsExactly(card);
    assertThat(found(Detections::cards, "", "1  " + card + ", " + card, ""))
        .containsExactly(card, card);
  }

  /// Each number in every way it may be written, alone and beside other signs.
  @Test
  void everyValidNationalNumberIsFound() {
    for (NationalId id : NationalId.values()) {
      for (int n = 0; n < NUMBERS_OF_EACH; n++) {
        String number = validNumber(id);
        Detector detector =
            (text, from, to, m, sink) ->
                NationalId.find(
                    text,
                    from,
                    to,
                    m,
                    new NationalId[] {id},
                    (which, start, stop) -> {
                      sink.found(start, stop);
                      return true;
                    });
        assertThat(found(detector, "", number, "")).as(id + " " + number).containsExactly(number);
        for (String near : List.of(" ", "\n", "/", "(", ":", "\"", ",")) {
          assertThat(found(detector, "", "id" + near + number + near, ""))
              .as(id + " " + number)
              .containsExactly(number);
        }
        assertThat(found(detector, "", "x" + number, "")).as(id + " " + number).isEmpty();
        assertThat(found(detector, "", number + "x", "")).as(id + " " + number).isEmpty();
      }
    }
  }

  private String validNumber(NationalId id) {
    while (true) {
      var written = new StringBuilder();
      var signs = new StringBuilder();
      char separator = any(" -.");
      String format = id.format();
      for (int i = 0; i < format.length(); i++) {
        char c = format.charAt(i);
        switch (c) {
          case 'd' -> signs.append(any("0123456789"));
          case 'L' -> signs.append(any("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
          case 'X' -> signs.append(any(i <= id.beforeDigit() ? "0123456789" : "0123456789AB"));
          case '~' -> written.append(separator);
          case '|' -> written.append('/');
          case '=' -> written.append('-');
          default -> {
            if (random.nextBoolean()) {
              written.append(c == '?' ? any(" -") : c);
            }
          }
        }
        if (c == 'd' || c == 'L' || c == 'X') {
          written.append(signs.charAt(signs.length() - 1));
        }
      }
      if (id.isValid(signs.toString().getBytes(StandardCharsets.US_ASCII))) {
        return written.toString();
      }
    }
  }

  private char any(String of) {
    return of.charAt(random.nextInt(of.length()));
  }
}
