package io.outrider.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Vectors of MCP 2026-07-28, transports, "value encoding".
class HeaderValueTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "Hello, 世界|=?base64?SGVsbG8sIOS4lueVjA==?=",
        "~ padded ~|=?base64?IHBhZGRlZCA=?=",
        "=?base64?literal?=|=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
        "us-west1|us-west1",
        "~~|=?base64??="
      })
  void encodesAndDecodesBack(String value, String header) {
    assertThat(HeaderValue.encode(value)).isEqualTo(header);
    assertThat(HeaderValue.decode(header)).contains(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?base64?SGVsbG8?=",
        "=?base64?SGVs-G8_?=",
        "=?base64?/w==?=",
        "=?base64?SGVsbG9=?="
      })
  void refusesWhatIsNotCanonical(String header) {
    assertThat(HeaderValue.decode(header)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"=?BASE64?SGVsbG8=?=", "=?base64?SGVsbG8=?"})
  void takesOtherMarkersLiterally(String header) {
    assertThat(HeaderValue.decode(header)).contains(header);
  }
}
