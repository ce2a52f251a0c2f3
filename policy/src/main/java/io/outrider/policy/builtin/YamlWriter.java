package io.outrider.policy.builtin;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoNull;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.Map;
import java.util.TreeMap;

/// Writes values as block-style YAML: two spaces for each level, keys in order, strings quoted only
/// where needed.
final class YamlWriter {
  private final StringBuilder out = new StringBuilder();

  private YamlWriter() {}

  static String write(RegoValue value) {
    YamlWriter writer = new YamlWriter();
    writer.value(value, 0, false);
    return writer.out.toString();
  }

  /// Writes a value that stands at the given depth; after a key or dash, scalars and empty
  /// collections follow a space.
  private void value(RegoValue value, int depth, boolean afterKey) {
    switch (value) {
      case RegoNull _ -> line(afterKey, "null");
      case RegoBoolean b -> line(afterKey, b.toString());
      case RegoNumber n -> line(afterKey, YamlScalars.text(n));
      case RegoString s -> string(s.value(), depth, afterKey);
      case RegoArray a -> items(a, a.isEmpty(), depth, afterKey);
      case RegoSet s -> items(s, s.isEmpty(), depth, afterKey);
      case RegoObject o -> object(o, depth, afterKey);
    }
  }

  private void line(boolean afterKey, String text) {
    out.append(afterKey ? " " : "").append(text).append('\n');
  }

  private void items(Iterable<RegoValue> items, boolean isEmpty, int depth, boolean afterKey) {
    if (isEmpty) {
      line(afterKey, "[]");
      return;
    }
    if (afterKey) {
      out.append('\n');
    }
    boolean first = true;
    for (RegoValue item : items) {
      indent(first && !afterKey ? 0 : depth);
      first = false;
      out.append('-');
      nested(item, depth);
    }
  }

  /// A collection in a sequence begins on the line of its dash.
  private void nested(RegoValue item, int depth) {
    boolean isBlock =
        (item instanceof RegoObject o && !o.isEmpty())
            || (item instanceof RegoArray a && !a.isEmpty())
            || (item instanceof RegoSet s && !s.isEmpty());
    if (isBlock) {
      out.append(' ');
      value(item, depth + 1, false);
    } else {
      value(item, depth + 1, true);
    }
  }

  private void object(RegoObject object, int depth, boolean afterKey) {
    if (object.isEmpty()) {
      line(afterKey, "{}");
      return;
    }
    if (afterKey) {
      out.append('\n');
    }
    Map<String, RegoValue> byName = new TreeMap<>(YamlWriter::compareNaturally);
    for (RegoObject.Entry entry : object) {
      String name = entry.key() instanceof RegoString s ? s.value() : RegoJson.write(entry.key());
      byName.put(name, entry.value());
    }
    boolean first = true;
    for (var entry : byName.entrySet()) {
      indent(first && !afterKey ? 0 : depth);
      first = false;
      out.append(quoted(entry.getKey())).append(':');
      value(entry.getValue(), depth + 1, true);
    }
  }

  private void indent(int depth) {
    out.repeat("  ", depth);
  }

  /// The order of keys OPA's library has: runs of digits by value, letters after everything else.
  private static int compareNaturally(String a, String b) {
    boolean afterDigit = false;
    int i = 0;
    while (i < a.length() && i < b.length()) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x == y) {
        afterDigit = Character.isDigit(x);
        i++;
        continue;
      }
      boolean letterX = Character.isLetter(x);
      boolean letterY = Character.isLetter(y);
      if (letterX && letterY) {
        return Character.compare(x, y);
      }
      if (letterX || letterY) {
        // A number ends before a letter, so that "a1b" comes before "a10"; otherwise letters come
        // last.
        return letterX == afterDigit ? -1 : 1;
      }
      return compareNumbers(digits(a, i), digits(b, i), x, y);
    }
    return Integer.compare(a.length(), b.length());
  }

  private static int compareNumbers(String m, String n, char x, char y) {
    int order = Integer.compare(m.length(), n.length());
    order = order != 0 ? order : m.compareTo(n);
    return order != 0 ? order : Character.compare(x, y);
  }

  private static String digits(String text, int from) {
    int end = from;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    return text.substring(from, end);
  }

  private void string(String text, int depth, boolean afterKey) {
    if (text.indexOf('\n') >= 0 && canBeLiteral(text)) {
      literal(text, depth, afterKey);
    } else {
      line(afterKey, quoted(text));
    }
  }

  private static boolean canBeLiteral(String text) {
    char first = text.charAt(0);
    return first != ' '
        && first != '\n'
        && !text.contains(" \n")
        && !text.endsWith(" ")
        && text.codePoints().allMatch(c -> c == '\n' || c == '\t' || isPrintable(c));
  }

  private void literal(String text, int depth, boolean afterKey) {
    String chomping = text.endsWith("\n\n") ? "+" : text.endsWith("\n") ? "" : "-";
    line(afterKey, "|" + chomping);
    String body = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
    for (String line : body.split("\n", -1)) {
      if (!line.isEmpty()) {
        indent(Math.max(depth, 1));
      }
      out.append(line).append('\n');
    }
  }

  private static String quoted(String text) {
    if (!YamlScalars.isPlainString(text) || !text.codePoints().allMatch(YamlWriter::isPrintable)) {
      return doubleQuoted(text);
    }
    return needsQuotes(text) ? "'" + text.replace("'", "''") + "'" : text;
  }

  private static boolean needsQuotes(String text) {
    char first = text.charAt(0);
    boolean beforeSpace = text.length() == 1 || text.charAt(1) == ' ';
    if ("#,[]{}&*!|>'\"%@`".indexOf(first) >= 0
        || ("-?:".indexOf(first) >= 0 && beforeSpace)
        || text.startsWith("---")
        || text.startsWith("...")
        || first == ' '
        || text.endsWith(" ")) {
      return true;
    }
    return text.contains(": ")
        || text.endsWith(":")
        || text.contains(" #")
        || text.codePoints().anyMatch(c -> c == 0x85 || c == 0x2028 || c == 0x2029);
  }

  private static boolean isPrintable(int c) {
    return (c >= 0x20 && c <= 0x7e)
        || c == 0x85
        || (c >= 0xA0 && c <= 0xFFFF && c != 0xFEFF && !isSurrogate(c));
  }

  private static boolean isSurrogate(int c) {
    return c >= 0xD800 && c <= 0xDFFF;
  }

  private static String doubleQuoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '"' -> quoted.append("\\\"");
            case '\\' -> quoted.append("\\\\");
            case 0 -> quoted.append("\\0");
            case 7 -> quoted.append("\\a");
            case '\b' -> quoted.append("\\b");
            case '\t' -> quoted.append("\\t");
            case '\n' -> quoted.append("\\n");
            case 0x0b -> quoted.append("\\v");
            case '\f' -> quoted.append("\\f");
            case '\r' -> quoted.append("\\r");
            case 0x1b -> quoted.append("\\e");
            case 0xFEFF -> quoted.append("\\uFEFF");

            default -> {
              if (isPrintable(c)) {
                quoted.appendCodePoint(c);
              } else if (c < 0x100) {
                quoted.append("\\x%02X".formatted(c));
              } else {
                quoted.append((c > 0xFFFF ? "\\U%08X" : "\\u%04X").formatted(c));
              }
            }
          }
        });
    return quoted.append('"').toString();
  }
}
