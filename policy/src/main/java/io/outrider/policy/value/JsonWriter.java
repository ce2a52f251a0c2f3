package io.outrider.policy.value;

import java.util.TreeMap;

/// Writes values as JSON text into a buffer.
final class JsonWriter {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out;
  private final boolean htmlSafe;

  JsonWriter(StringBuilder out, boolean htmlSafe) {
    this.out = out;
    this.htmlSafe = htmlSafe;
  }

  void write(RegoValue value) {
    switch (value) {
      case RegoNull n -> out.append("null");
      case RegoBoolean b -> out.append(b.value());
      case RegoNumber n -> out.append(n.text());
      case RegoString s -> string(s.value());
      case RegoArray a -> items(a);
      case RegoSet s -> items(s);
      case RegoObject o -> object(o);
    }
  }

  private void items(Iterable<RegoValue> items) {
    out.append('[');
    boolean first = true;
    for (RegoValue item : items) {
      if (!first) {
        out.append(',');
      }
      first = false;
      write(item);
    }
    out.append(']');
  }

  private void object(RegoObject object) {
    out.append('{');
    if (hasOnlyStringKeys(object)) {
      for (int i = 0; i < object.size(); i++) {
        member(i == 0, ((RegoString) object.keyAt(i)).value(), object.valueAt(i));
      }
    } else {
      boolean first = true;
      for (var entry : sortedByText(object).entrySet()) {
        member(first, entry.getKey(), entry.getValue());
        first = false;
      }
    }
    out.append('}');
  }

  private void member(boolean first, String key, RegoValue value) {
    if (!first) {
      out.append(',');
    }
    string(key);
    out.append(':');
    write(value);
  }

  private static boolean hasOnlyStringKeys(RegoObject object) {
    // Strings are contiguous in the order of kinds, so the two ends tell.
    return object.isEmpty()
        || (object.keyAt(0) instanceof RegoString
            && object.keyAt(object.size() - 1) instanceof RegoString);
  }

  private static TreeMap<String, RegoValue> sortedByText(RegoObject object) {
    TreeMap<String, RegoValue> members = new TreeMap<>(RegoString::compareCodePoints);
    for (RegoObject.Entry entry : object) {
      String key = entry.key() instanceof RegoString s ? s.value() : RegoJson.write(entry.key());
      members.put(key, entry.value());
    }
    return members;
  }

  void writeIndented(RegoValue value, String prefix, String indent) {
    indented(value, "\n" + prefix, indent);
  }

  private void indented(RegoValue value, String newline, String indent) {
    switch (value) {
      case RegoArray a when !a.isEmpty() -> indentedItems(a, newline, indent);
      case RegoSet s when !s.isEmpty() -> indentedItems(s, newline, indent);
      case RegoObject o when !o.isEmpty() -> {
        char before = '{';
        for (var entry : sortedByText(o).entrySet()) {
          out.append(before).append(newline).append(indent);
          string(entry.getKey());
          out.append(": ");
          indented(entry.getValue(), newline + indent, indent);
          before = ',';
        }
        out.append(newline).append('}');
      }
      case RegoNull _,
          RegoBoolean _,
          RegoNumber _,
          RegoString _,
          RegoArray _,
          RegoSet _,
          RegoObject _ ->
          write(value);
    }
  }

  private void indentedItems(Iterable<RegoValue> items, String newline, String indent) {
    char before = '[';
    for (RegoValue item : items) {
      out.append(before).append(newline).append(indent);
      indented(item, newline + indent, indent);
      before = ',';
    }
    out.append(newline).append(']');
  }

  private void string(String text) {
    out.append('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!mustEscape(c)) {
        continue;
      }
      out.append(text, plainFrom, i);
      plainFrom = i + 1;
      escape(c);
    }
    out.append(text, plainFrom, text.length()).append('"');
  }

  private boolean mustEscape(char c) {
    return c < 0x20
        || c == '"'
        || c == '\\'
        || c == '\u2028'
        || c == '\u2029'
        || (htmlSafe && (c == '<' || c == '>' || c == '&'));
  }

  private void escape(char c) {
    switch (c) {
      case '"' -> out.append("\\\"");
      case '\\' -> out.append("\\\\");
      case '\b' -> out.append("\\b");
      case '\f' -> out.append("\\f");
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default ->
          out.append("\\u")
              .append(HEX[c >> 12])
              .append(HEX[(c >> 8) & 15])
              .append(HEX[(c >> 4) & 15])
              .append(HEX[c & 15]);
    }
  }
}
