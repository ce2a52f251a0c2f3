package io.outrider.policy.builtin;

import java.io.ByteArrayOutputStream;

/// Decodes padded base64 as strictly as Go does: line breaks are skipped, anything else that does
/// not belong is an error that names its place.
enum Base64Text {
  STANDARD('+', '/'),
  URL('-', '_');

  private final char c62;
  private final char c63;

  Base64Text(char c62, char c63) {
    this.c62 = c62;
    this.c63 = c63;
  }

  byte[] decode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() * 3 / 4);
    int bits = 0;
    int count = 0;
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' || c == '\r') {
        at++;
        continue;
      }
      if (c == '=') {
        return finish(text, at, bits, count, out);
      }
      int value = valueOf(c);
      if (value < 0) {
        throw illegal(at);
      }
      bits = bits << 6 | value;
      count++;
      at++;
      if (count == 4) {
        out.write(bits >> 16);
        out.write(bits >> 8);
        out.write(bits);
        bits = 0;
        count = 0;
      }
    }
    if (count != 0) {
      throw illegal(text.length());
    }
    return out.toByteArray();
  }

  private static byte[] finish(
      String text, int padding, int bits, int count, ByteArrayOutputStream out) {
    if (count < 2) {
      throw illegal(padding);
    }
    int needed = 4 - count;
    int at = padding;
    while (at < text.length() && needed > 0) {
      char c = text.charAt(at);
      if (c == '=') {
        needed--;
      } else if (c != '\n' && c != '\r') {
        throw illegal(at);
      }
      at++;
    }
    if (needed > 0) {
      throw illegal(text.length());
    }
    while (at < text.length() && (text.charAt(at) == '\n' || text.charAt(at) == '\r')) {
      at++;
    }
    if (at < text.length()) {
      throw illegal(at);
    }
    if (count == 2) {
      out.write(bits >> 4);
    } else {
      out.write(bits >> 10);
      out.write(bits >> 2);
    }
    return out.toByteArray();
  }

  private int valueOf(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    if (c == c62) {
      return 62;
    }
    return c == c63 ? 63 : -1;
  }

  private static BuiltinException illegal(int at) {
    return Args.error("illegal base64 data at input byte " + at);
  }
}
