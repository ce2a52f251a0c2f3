package io.outrider.hostile;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.util.Map;

/// The bytes of one case, and what to do after they were sent.
///
/// @param bytes what goes over the wire
/// @param ending what happens to the sending side then
record HostileBytes(byte[] bytes, Ending ending) {

  /// What the sender does after its last byte.
  enum Ending {
    /// It waits for the answer.
    WAIT,
    /// It closes its side.
    CLOSE,
    /// It stays and sends nothing more, although more is due.
    STALL
  }

  static HostileBytes of(String template, Map<String, String> values) {
    Ending ending = Ending.WAIT;
    String text = template;
    for (Ending special : new Ending[] {Ending.CLOSE, Ending.STALL}) {
      String mark = "%{" + special.name().toLowerCase(java.util.Locale.ROOT) + "}";
      int at = text.indexOf(mark);
      if (at >= 0) {
        ending = special;
        text = text.substring(0, at);
      }
    }
    // The head ends with the first line that holds nothing but a line end.
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    boolean inBody = false;
    StringBuilder headText = new StringBuilder();
    for (String line : text.split("\n")) {
      if (inBody) {
        expand(line, values, body);
      } else {
        headText.append(line);
        inBody = line.equals("\\r\\n") || line.equals("\\n");
      }
    }
    Map<String, String> withLength = new java.util.HashMap<>(values);
    withLength.put("length", Integer.toString(body.size()));
    expand(headText.toString(), withLength, head);
    head.writeBytes(body.toByteArray());
    return new HostileBytes(head.toByteArray(), ending);
  }

  private static void expand(String text, Map<String, String> values, ByteArrayOutputStream out) {
    for (int i = 0; i < text.length(); ) {
      char c = text.charAt(i);
      if (c == '\\') {
        i = escape(text, i + 1, out);
      } else if (text.startsWith("%{chunked}", i) || text.startsWith("%{chunk}", i)) {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        expand(text.substring(text.indexOf('}', i) + 1), values, chunk);
        out.writeBytes((Integer.toHexString(chunk.size()) + "\r\n").getBytes(US_ASCII));
        out.writeBytes(chunk.toByteArray());
        out.writeBytes("\r\n".getBytes(US_ASCII));
        if (text.startsWith("%{chunked}", i)) {
          out.writeBytes("0\r\n\r\n".getBytes(US_ASCII));
        }
        return;
      } else if (text.startsWith("%{", i)) {
        int end = closing(text, i + 2);
        placeholder(text.substring(i + 2, end), values, out);
        i = end + 1;
      } else if (c < 0x80) {
        out.write(c);
        i++;
      } else {
        throw new IllegalArgumentException("'" + c + "' (expected: ASCII; \\xHH for other bytes)");
      }
    }
  }

  /// The brace that closes a placeholder: the first one that does not belong to one inside it.
  private static int closing(String text, int from) {
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '}') {
        return i;
      }
      if (text.startsWith("%{", i)) {
        i = closing(text, i + 2);
      }
    }
    throw new IllegalArgumentException("%{ without }: " + text);
  }

  private static void placeholder(
      String inner, Map<String, String> values, ByteArrayOutputStream out) {
    int star = inner.indexOf('*');
    if (star > 0 && inner.substring(0, star).chars().allMatch(Character::isDigit)) {
      ByteArrayOutputStream once = new ByteArrayOutputStream();
      expand(inner.substring(star + 1), values, once);
      byte[] bytes = once.toByteArray();
      for (int n = Integer.parseInt(inner.substring(0, star)); n > 0; n--) {
        out.writeBytes(bytes);
      }
      return;
    }
    String value = values.get(inner);
    if (value == null) {
      throw new IllegalArgumentException("%{" + inner + "} (expected: one of " + values.keySet());
    }
    out.writeBytes(value.getBytes(US_ASCII));
  }

  private static int escape(String text, int at, ByteArrayOutputStream out) {
    switch (text.charAt(at)) {
      case 'r' -> out.write('\r');
      case 'n' -> out.write('\n');
      case 't' -> out.write('\t');
      case '0' -> out.write(0);
      case '\\' -> out.write('\\');
      case 'x' -> {
        out.write(Integer.parseInt(text.substring(at + 1, at + 3), 16));
        return at + 3;
      }
      default ->
          throw new IllegalArgumentException(
              "\\" + text.charAt(at) + " (expected: \\r \\n \\t \\0 \\\\ \\xHH)");
    }
    return at + 1;
  }
}
