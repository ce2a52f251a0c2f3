package io.outrider.audit.format;

import java.util.Base64;

/// Base 64 (RFC 4648, section 4) in its one canonical spelling. The JDK's decoder passes over the
/// bits that padding leaves unused, so several texts would mean the same bytes, and a changed log
/// could pass for an unchanged one (RFC 4648, section 3.5).
final class StrictBase64 {
  private StrictBase64() {}

  /// @throws IllegalArgumentException if the text is not what an encoder would have written
  static byte[] decode(String text) {
    byte[] bytes = Base64.getDecoder().decode(text);
    if (!Base64.getEncoder().encodeToString(bytes).equals(text)) {
      throw new IllegalArgumentException("base 64 that no encoder writes");
    }
    return bytes;
  }
}
