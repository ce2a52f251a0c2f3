package io.outrider.policy.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RegoJsonTest {
  @Test
  void numbersKeepTheirText() {
    String json = "[1,1.0,1e6,1E+2,-0,0.10,18446744073709551617,123456789012345678901.5]";

    assertThat(RegoJson.write(RegoJson.read(json))).isEqualTo(json);
  }

  @Test
  void bytesAndTextReadTheSame() {
    String json = "{\"k\": [null, true, false, \"\\u00e9\\ud83d\\ude00\", {\"a\": {}}]}";

    RegoValue fromText = RegoJson.read(json);

    assertThat(RegoJson.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(fromText);
    assertThat(RegoJson.write(fromText))
        .isEqualTo("{\"k\":[null,true,false,\"\u00e9\ud83d\ude00\",{\"a\":{}}]}");
  }

  @Test
  void anOpenBracketIsReportedInPlainWords() {
    assertThatThrownBy(() -> RegoJson.read("{\n"))
        .hasMessage("line 2, column 1: Unexpected end-of-input: expected close marker for Object");
  }

  @Test
  void lastOfEqualKeysWins() {
    assertThat(RegoJson.write(RegoJson.read("{\"a\":1,\"b\":2,\"a\":3}")))
        .isEqualTo("{\"a\":3,\"b\":2}");
  }

  @Test
  void surrogatesWithoutPartnerAreReplaced() {
    assertThat(RegoJson.read("\"a\\ud800b\"")).isEqualTo(RegoString.of("a\ufffdb"));
  }

  @Test
  void keysAreWrittenInOrderOfCodePointsAndOtherKeysAsText() {
    RegoObject object =
        RegoObject.builder()
            .put("\ud83d\ude00", 1)
            .put("\uffff", 2)
            .put(RegoNumber.of(10), RegoNull.NULL)
            .put(RegoArray.of(RegoString.of("x")), RegoSet.of(RegoNumber.of(2), RegoNumber.of(1)))
            .build();

    assertThat(RegoJson.write(object))
        .isEqualTo("{\"10\":null,\"[\\\"x\\\"]\":[1,2],\"\uffff\":2,\"\ud83d\ude00\":1}");
  }

  @Test
  void whatIsNoJsonIsRefusedWithItsPlaceAndWithoutItsText() {
    for (String json :
        List.of(
            "", "{", "[1,]", "nul", "{\"a\" 1}", "1 2", "01", "'secret'", "\"a", "1e", "{a:1}")) {
      assertThatThrownBy(() -> RegoJson.read(json))
          .as(json)
          .isInstanceOf(RegoJsonException.class)
          .message()
          .doesNotContain("secret");
    }
    assertThatThrownBy(() -> RegoJson.read("[1,\n 2 3]"))
        .isInstanceOf(RegoJsonException.class)
        .hasMessageContaining("line 2");
  }

  @Test
  void deepDocumentsAndLongNumbersAreRefused() {
    String deep = "[".repeat(RegoJson.MAX_DEPTH + 1) + "]".repeat(RegoJson.MAX_DEPTH + 1);
    String inside = "[".repeat(RegoJson.MAX_DEPTH - 1) + "]".repeat(RegoJson.MAX_DEPTH - 1);

    assertThat(RegoJson.write(RegoJson.read(inside))).isEqualTo(inside);
    assertThatThrownBy(() -> RegoJson.read(deep)).isInstanceOf(RegoJsonException.class);
    assertThatThrownBy(() -> RegoJson.read("1".repeat(RegoJson.MAX_NUMBER_LENGTH + 1)))
        .isInstanceOf(RegoJsonException.class);
    assertThatThrownBy(() -> RegoJson.read("1e1000000")).isInstanceOf(RegoJsonException.class);
  }

  @Test
  void marshalEscapesWhatHtmlWouldRead() {
    assertThat(RegoJson.marshal(RegoString.of("<a href='x'>&\u2028")))
        .isEqualTo("\"\\u003ca href='x'\\u003e\\u0026\\u2028\"");
  }
}
