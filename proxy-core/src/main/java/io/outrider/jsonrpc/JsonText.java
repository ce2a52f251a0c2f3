package io.outrider.jsonrpc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Looks at raw bytes before a JSON parser does, for what parsers disagree about: encodings, byte
/// order marks, NUL bytes, invalid UTF-8, and escapes that name lone surrogates or NUL.
final class JsonText {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  /// Why the bytes are refused, or null.
  final @Nullable String problem;

  /// True when a line break stands between tokens, so that the bytes are not one line.
  final boolean hasLineBreak;

  /// True when an escape names NUL or a surrogate: rare enough to look at every string then.
  final boolean hasDelicateEscape;

  private JsonText(@Nullable String problem, boolean hasLineBreak, boolean hasDelicateEscape) {
    this.problem = problem;
    this.hasLineBreak = hasLineBreak;
    this.hasDelicateEscape = hasDelicateEscape;
  }

  static JsonText inspect(byte[] bytes) {
    if (bytes.length == 0) {
      return refuse("found no bytes (expected: one JSON object)");
    }
    if ((bytes[0] & 0xFF) == 0xEF || (bytes[0] & 0xFF) >= 0xFE) {
      return refuse("found a byte order mark (expected: UTF-8 without one)");
    }
    boolean lineBreak = false;
    boolean delicate = false;
    boolean ascii = true;
    int i = 0;
    while (i < bytes.length) {
      if (i + 8 <= bytes.length && isPlain((long) LONGS.get(bytes, i))) {
        i += 8;
        continue;
      }
      byte b = bytes[i];
      if (b < 0) {
        ascii = false;
      } else if (b == '\n' || b == '\r') {
        lineBreak = true;
      } else if (b == 0) {
        return refuse("found a NUL byte at offset " + i + " (expected: UTF-8 text)");
      } else if (b == '\\' && i + 5 < bytes.length && bytes[i + 1] == 'u') {
        delicate |= isDelicate(bytes, i + 2);
      } else if (b == '\\') {
        i++; // the escaped character cannot start another escape
      }
      i++;
    }
    if (!ascii && !isUtf8(bytes)) {
      return refuse("found invalid UTF-8 (expected: UTF-8 text)");
    }
    return new JsonText(null, lineBreak, delicate);
  }

  /// Eight bytes of ASCII without control characters or backslashes.
  private static boolean isPlain(long eight) {
    if ((eight & HIGH_BITS) != 0) {
      return false;
    }
    // Bytes below 0x20, and bytes equal to '\\', by the usual carry tricks on seven-bit bytes.
    long control = (eight + 0x6060606060606060L) & HIGH_BITS;
    long backslash = (eight ^ 0x5C5C5C5C5C5C5C5CL) + 0x7F7F7F7F7F7F7F7FL;
    return control == HIGH_BITS && (backslash & HIGH_BITS) == HIGH_BITS;
  }

  private static boolean isDelicate(byte[] bytes, int hex) {
    boolean nul = bytes[hex] == '0' && bytes[hex + 1] == '0';
    boolean surrogate = bytes[hex] == 'd' || bytes[hex] == 'D';
    return (nul && bytes[hex + 2] == '0' && bytes[hex + 3] == '0') || surrogate;
  }

  private static boolean isUtf8(byte[] bytes) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static JsonText refuse(String why) {
    return new JsonText(why, false, false);
  }
}
