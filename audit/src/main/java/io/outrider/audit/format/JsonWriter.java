package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;

/// Writes canonical JSON (the subset of RFC 8785 that has no fractions) into a reused buffer. The
/// caller emits keys in sorted order; this class does commas, escapes and numbers. Not thread-safe.
final class JsonWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);

  private final Bytes out;
  private boolean comma;

  JsonWriter(Bytes out) {
    this.out = out;
  }

  void reset() {
    out.clear();
    comma = false;
  }

  int length() {
    return out.length();
  }

  void beginObject() {
    separate();
    out.put('{');
    comma = false;
  }

  void endObject() {
    out.put('}');
    comma = true;
  }

  void beginArray() {
    separate();
    out.put('[');
    comma = false;
  }

  void endArray() {
    out.put(']');
    comma = true;
  }

  /// A key that is known to need no escaping, given with its quotes and colon, such as `"call":`.
  void key(byte[] quoted) {
    separate();
    out.put(quoted);
    comma = false;
  }

  void key(String name) {
    string(name);
    out.put(':');
    comma = false;
  }

  void number(long value) {
    separate();
    if (value < 0) {
      out.put('-');
      value = -value;
    }
    int digits = 1;
    for (long v = value; v >= 10; v /= 10) {
      digits++;
    }
    byte[] a = out.room(digits);
    int end = out.length() + digits;
    for (int at = end - 1; at >= out.length(); at--) {
      a[at] = (byte) ('0' + value % 10);
      value /= 10;
    }
    out.setLength(end);
    comma = true;
  }

  void bool(boolean value) {
    separate();
    out.put(value ? TRUE : FALSE);
    comma = true;
  }

  void hex(byte[] bytes) {
    separate();
    byte[] a = out.room(bytes.length * 2 + 2);
    int at = out.length();
    a[at++] = '"';
    for (byte b : bytes) {
      a[at++] = HEX[(b >> 4) & 15];
      a[at++] = HEX[b & 15];
    }
    a[at++] = '"';
    out.setLength(at);
    comma = true;
  }

  void raw(byte[] bytes, int offset, int count) {
    separate();
    out.put(bytes, offset, count);
    comma = true;
  }

  void string(String text) {
    string(text, Integer.MAX_VALUE);
  }

  /// Writes as much of `text` as fits into `limit` bytes of content, cutting between characters.
  ///
  /// @return whether all of it went in
  boolean string(String text, int limit) {
    separate();
    comma = true;
    int chars = text.length();
    // The common case by far: short ASCII without anything to escape goes in without a second look.
    if (chars <= limit) {
      byte[] a = out.room(chars + 2);
      int at = out.length();
      a[at++] = '"';
      int i = 0;
      for (; i < chars; i++) {
        char c = text.charAt(i);
        if (c < 0x20 || c > 0x7e || c == '"' || c == '\\') {
          break;
        }
        a[at++] = (byte) c;
      }
      if (i == chars) {
        a[at++] = '"';
        out.setLength(at);
        return true;
      }
    }
    return slowString(text, limit);
  }

  private boolean slowString(String text, int limit) {
    out.put('"');
    int start = out.length();
    boolean whole = true;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      if (c >= 0xd800 && c <= 0xdfff) {
        c = 0xfffd; // half a surrogate pair has no UTF-8 form
      }
      int used = out.length() - start;
      if (limit - used < width(c)) {
        whole = false;
        break;
      }
      character(c);
      i += c > 0xffff ? 2 : 1;
    }
    out.put('"');
    return whole;
  }

  private static int width(int c) {
    if (c < 0x20) {
      return shortEscape(c) == 0 ? 6 : 2;
    }
    if (c == '"' || c == '\\') {
      return 2;
    }
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  private static int shortEscape(int c) {
    return switch (c) {
      case '\b' -> 'b';
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\f' -> 'f';
      case '\r' -> 'r';
      case '"' -> '"';
      case '\\' -> '\\';
      default -> 0;
    };
  }

  private void character(int c) {
    if (c < 0x20 || c == '"' || c == '\\') {
      int escape = shortEscape(c);
      out.put('\\');
      if (escape != 0) {
        out.put(escape);
      } else {
        out.put('u');
        out.put('0');
        out.put('0');
        out.put(HEX[c >> 4]);
        out.put(HEX[c & 15]);
      }
    } else if (c < 0x80) {
      out.put(c);
    } else if (c < 0x800) {
      out.put(0xc0 | c >> 6);
      out.put(0x80 | c & 0x3f);
    } else if (c < 0x10000) {
      out.put(0xe0 | c >> 12);
      out.put(0x80 | c >> 6 & 0x3f);
      out.put(0x80 | c & 0x3f);
    } else {
      out.put(0xf0 | c >> 18);
      out.put(0x80 | c >> 12 & 0x3f);
      out.put(0x80 | c >> 6 & 0x3f);
      out.put(0x80 | c & 0x3f);
    }
  }

  private void separate() {
    if (comma) {
      out.put(',');
    }
  }
}
