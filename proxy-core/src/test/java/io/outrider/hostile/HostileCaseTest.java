package io.outrider.hostile;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.hostile.HostileBytes.Ending;
import io.outrider.jsonrpc.MessageReader;
import io.outrider.jsonrpc.Reading;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HostileCaseTest {

  private static final Map<String, String> VALUES =
      Map.of("host", "127.0.0.1:1", "port", "1", "session", "s", "foreign-session", "f");

  private static String text(String template) {
    return new String(HostileBytes.of(template, VALUES).bytes(), ISO_8859_1);
  }

  @Test
  void lineBreaksOfTheFileAreNotSentAndEscapesAre() {
    assertThat(text("A\\r\n\\n\nB\\x00\\0\\t\\\\\n%{host}")).isEqualTo("A\r\nB\0\0\t\\127.0.0.1:1");
    assertThatThrownBy(() -> text("\\q")).hasMessageContaining("expected");
    assertThatThrownBy(() -> text("%{nobody}")).hasMessageContaining("nobody");
    assertThatThrownBy(() -> text("\u00e9")).hasMessageContaining("ASCII");
  }

  @Test
  void theLengthIsThatOfTheBody() {
    assertThat(text("L: %{length}\\r\n\\r\\n\nab\\r\\n\ncd")).startsWith("L: 6\r");
    assertThat(text("%{length}\\r\\n\n\\r\\n\n")).isEqualTo("0\r\n\r\n");
    assertThat(text("%{length}\\n\n\\n\nabc")).isEqualTo("3\n\nabc");
  }

  @Test
  void textIsRepeatedAndPutInChunks() {
    assertThat(text("%{3*ab}%{2*<%{2*x}>}")).isEqualTo("ababab<xx><xx>");
    assertThat(text("%{2*{\"a\":}1")).isEqualTo("{\"a\":{\"a\":1");
    assertThat(text("\\r\\n\n%{chunked}hello")).isEqualTo("\r\n5\r\nhello\r\n0\r\n\r\n");
    assertThat(text("\\r\\n\n%{chunk}a\n%{chunk}bc%{close}"))
        .isEqualTo("\r\n1\r\na\r\n2\r\nbc\r\n");
  }

  @Test
  void theEndingIsToldApart() {
    assertThat(HostileBytes.of("a", VALUES).ending()).isEqualTo(Ending.WAIT);
    assertThat(HostileBytes.of("a%{close}", VALUES).ending()).isEqualTo(Ending.CLOSE);
    assertThat(HostileBytes.of("a%{stall}", VALUES).ending()).isEqualTo(Ending.STALL);
  }

  @Test
  void thereAreCasesOfEveryKindAndEachSaysWhy() {
    List<HostileCase> cases = HostileCase.all();

    assertThat(cases).hasSizeGreaterThanOrEqualTo(180);
    for (String kind : List.of("control-", "json-", "rpc-", "mcp-", "http-")) {
      assertThat(cases).as(kind).anyMatch(c -> c.name().startsWith(kind));
    }
    assertThat(cases).allSatisfy(c -> assertThat(c.why()).matches(".*[.?]"));
    assertThat(cases).allSatisfy(c -> assertThat(c.bytes(VALUES).bytes()).isNotEmpty());
  }

  static Stream<HostileCase> bodies() {
    return HostileCase.all().stream()
        .filter(c -> c.name().startsWith("json-") || c.name().startsWith("rpc-"))
        .filter(c -> c.expect().containsKey("code"))
        .filter(c -> !c.name().equals("rpc-answer-in-modern"));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void theReaderAloneRefusesWhatIsWrongInTheBody(HostileCase hostile) {
    String whole = new String(hostile.bytes(VALUES).bytes(), ISO_8859_1);
    byte[] body = whole.substring(whole.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1);

    Reading reading = new MessageReader(64).read(body);

    assertThat(reading).as(hostile.why()).isInstanceOf(Reading.Bad.class);
    Reading.Fault fault = ((Reading.Bad) reading).fault();
    String code = fault == Reading.Fault.NOT_JSON ? "-32700" : "-32600";
    assertThat(code).as("%s %s", hostile.why(), reading).isEqualTo(hostile.expect().get("code"));
  }
}
