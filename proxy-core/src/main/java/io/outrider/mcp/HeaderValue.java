package io.outrider.mcp;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// The encoding of mirrored values in `Mcp-Name` and `Mcp-Param-*` (2026-07-28, transports, "value
/// encoding"): plain where every octet survives HTTP, else Base64 between `=?base64?` and `?=`.
public final class HeaderValue {

  private static final String OPEN = "=?base64?";
  private static final String CLOSE = "?=";

  private HeaderValue() {}

  /// The header form of a value.
  public static String encode(String value) {
    if (isPlain(value)) {
      return value;
    }
    return OPEN
        + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
        + CLOSE;
  }

  /// The value behind a header form, or empty when it is malformed: Base64 without its padding or
  /// in another alphabet, text that is not UTF-8, octets that are not visible ASCII.
  public static Optional<String> decode(String header) {
    if (header.startsWith(OPEN)
        && header.endsWith(CLOSE)
        && header.length() >= OPEN.length() + CLOSE.length()) {
      String body = header.substring(OPEN.length(), header.length() - CLOSE.length());
      try {
        byte[] bytes = Base64.getDecoder().decode(body);
        if (!Base64.getEncoder().encodeToString(bytes).equals(body)) {
          return Optional.empty(); // padding or trailing bits are not canonical
        }
        return Optional.of(
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      } catch (IllegalArgumentException | CharacterCodingException e) {
        return Optional.empty();
      }
    }
    return hasOnlyHeaderOctets(header) ? Optional.of(header) : Optional.empty();
  }

  private static boolean isPlain(String value) {
    if (value.isEmpty() || !hasOnlyHeaderOctets(value)) {
      return false;
    }
    boolean edgeSpace = isBlank(value.charAt(0)) || isBlank(value.charAt(value.length() - 1));
    boolean looksEncoded = value.startsWith(OPEN) && value.endsWith(CLOSE);
    return !edgeSpace && !looksEncoded;
  }

  private static boolean hasOnlyHeaderOctets(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c != '\t' && (c < 0x20 || c > 0x7E)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
