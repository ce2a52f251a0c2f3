package io.outrider.jsonrpc;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A message as nearly all are: read in one pass over its bytes, at a third of the price of the
/// full parser.
///
/// Accepts less than that parser does and nothing it would refuse: on anything unusual, wrong or
/// large, this reading gives up and says nothing, and the full parser decides. So there is one
/// place that words refusals, and this one needs no words.
final class PlainMessage {

  /// Members of one object, outside `params`, whose names are compared one by one.
  private static final int MAX_MEMBERS = 24;

  private static final int MAX_NAME = 256;
  private static final int MAX_NUMBER = 64;

  /// A long holds every number of so many digits; an id of so many is below 2^53.
  private static final int MAX_LONG_DIGITS = 18;

  private static final int MAX_ID_DIGITS = 15;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private static final byte[] VERSION = ascii("\"2.0\"");
  private static final byte[] TRUE = ascii("true");
  private static final byte[] FALSE = ascii("false");
  private static final byte[] NULL = ascii("null");

  private static final byte[][] TOP = {
    ascii("jsonrpc"), ascii("id"), ascii("method"), ascii("params"), ascii("result")
  };
  private static final byte[] RESULT_TYPE = ascii("resultType");
  private static final byte[] IS_ERROR = ascii("isError");

  private final byte[] in;
  private final int maxDepth;
  private int at;
  private int depth;

  /// Whether the last string had an escape.
  private boolean escaped;

  /// Start and end of the names of the objects that are open, innermost last.
  private int[] names = new int[32];

  private int namesEnd;

  @Nullable JsonRpcId id;
  @Nullable String method;
  @Nullable ObjectNode params;
  boolean resultSeen;
  @Nullable String resultType;
  boolean isError;

  private PlainMessage(byte[] in, int maxDepth) {
    this.in = in;
    this.maxDepth = maxDepth;
  }

  /// @param bytes valid UTF-8 without NUL, and without escapes that name NUL or surrogates
  /// @return null when the full parser must look
  static @Nullable PlainMessage read(byte[] bytes, int maxDepth) {
    PlainMessage message = new PlainMessage(bytes, maxDepth);
    return message.message() ? message : null;
  }

  private boolean message() {
    space();
    if (!begins('{')) {
      return false;
    }
    int seen = 0;
    do {
      int from = at + 1;
      if (!name()) {
        return false;
      }
      int which = top(from, at - 1);
      if (which < 0 || (seen & 1 << which) != 0 || !colon()) {
        return false;
      }
      seen |= 1 << which;
      boolean fine =
          switch (which) {
            case 0 -> literal(VERSION);
            case 1 -> id();
            case 2 -> (method = string()) != null;
            case 3 -> next() == '{' && (params = object()) != null;
            default -> result();
          };
      if (!fine) {
        return false;
      }
    } while (another());
    if (!ends('}') || (seen & 1) == 0) {
      return false;
    }
    space();
    return at == in.length;
  }

  private int top(int from, int to) {
    int which =
        switch (in[from]) {
          case 'j' -> 0;
          case 'i' -> 1;
          case 'm' -> 2;
          case 'p' -> 3;
          default -> 4;
        };
    return is(TOP[which], from, to) ? which : -1;
  }

  private boolean id() {
    if (next() == '"') {
      String text = string();
      id = text == null ? null : new JsonRpcId.Str(text);
      return text != null;
    }
    int from = at;
    if (!integer() || at - from > MAX_ID_DIGITS) {
      return false;
    }
    id = new JsonRpcId.Num(number(from));
    return true;
  }

  private boolean result() {
    if (!begins('{')) {
      return false;
    }
    resultSeen = true;
    int mine = namesEnd;
    if (next() != '}') {
      do {
        int from = at + 1;
        if (!name()) {
          return false;
        }
        int to = at - 1;
        if (!isNew(mine, from, to) || !colon()) {
          return false;
        }
        if (is(IS_ERROR, from, to)) {
          isError = next() == 't';
        }
        boolean type = is(RESULT_TYPE, from, to);
        if (type ? (resultType = string()) == null : !skip()) {
          return false;
        }
      } while (another());
    }
    namesEnd = mine;
    return ends('}');
  }

  // --- values as trees

  private @Nullable ObjectNode object() {
    if (!begins('{')) {
      return null;
    }
    ObjectNode object = NODES.objectNode();
    if (next() != '}') {
      do {
        int from = at + 1;
        if (!name()) {
          return null;
        }
        String name = new String(in, from, at - 1 - from, StandardCharsets.UTF_8);
        if (!colon()) {
          return null;
        }
        JsonNode value = value();
        if (value == null || object.replace(name, value) != null) {
          return null; // or a name stood twice
        }
      } while (another());
    }
    return ends('}') ? object : null;
  }

  private @Nullable ArrayNode array() {
    if (!begins('[')) {
      return null;
    }
    ArrayNode array = NODES.arrayNode();
    if (next() != ']') {
      do {
        JsonNode value = value();
        if (value == null) {
          return null;
        }
        array.add(value);
      } while (another());
    }
    return ends(']') ? array : null;
  }

  private @Nullable JsonNode value() {
    switch (next()) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        String text = string();
        return text == null ? null : NODES.stringNode(text);
      case 't':
        return literal(TRUE) ? NODES.booleanNode(true) : null;
      case 'f':
        return literal(FALSE) ? NODES.booleanNode(false) : null;
      case 'n':
        return literal(NULL) ? NODES.nullNode() : null;
      default:
        int from = at;
        if (!integer() || at - from > MAX_LONG_DIGITS) {
          return null; // digits that must be kept as they are
        }
        long number = number(from);
        return number == (int) number ? NODES.numberNode((int) number) : NODES.numberNode(number);
    }
  }

  /// The digits that [#integer] went over.
  private long number(int from) {
    boolean negative = in[from] == '-';
    long number = 0;
    for (int i = negative ? from + 1 : from; i < at; i++) {
      number = number * 10 + (in[i] - '0');
    }
    return negative ? -number : number;
  }

  /// A string without the escapes that need a second look.
  private @Nullable String string() {
    int from = at + 1;
    if (!skipString()) {
      return null;
    }
    int to = at - 1;
    return escaped ? unescaped(from, to) : new String(in, from, to - from, StandardCharsets.UTF_8);
  }

  private @Nullable String unescaped(int from, int to) {
    byte[] text = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      byte b = in[i];
      if (b == '\\') {
        i++;
        switch (in[i]) {
          case 'b' -> b = '\b';
          case 'f' -> b = '\f';
          case 'n' -> b = '\n';
          case 'r' -> b = '\r';
          case 't' -> b = '\t';
          case 'u' -> {
            return null;
          }
          default -> b = in[i];
        }
      }
      text[length++] = b;
    }
    return new String(text, 0, length, StandardCharsets.UTF_8);
  }

  // --- values that nobody asks for

  private boolean skip() {
    switch (next()) {
      case '{':
        return skipObject();
      case '[':
        return skipArray();
      case '"':
        return skipString();
      case 't':
        return literal(TRUE);
      case 'f':
        return literal(FALSE);
      case 'n':
        return literal(NULL);
      default:
        return skipNumber();
    }
  }

  private boolean skipObject() {
    if (!begins('{')) {
      return false;
    }
    int mine = namesEnd;
    if (next() != '}') {
      do {
        int from = at + 1;
        if (!name() || !isNew(mine, from, at - 1) || !colon() || !skip()) {
          return false;
        }
      } while (another());
    }
    namesEnd = mine;
    return ends('}');
  }

  private boolean skipArray() {
    if (!begins('[')) {
      return false;
    }
    if (next() != ']') {
      do {
        if (!skip()) {
          return false;
        }
      } while (another());
    }
    return ends(']');
  }

  /// Notes a name among those of the object whose names begin at `mine`, unless it is there.
  private boolean isNew(int mine, int from, int to) {
    for (int i = mine; i < namesEnd; i += 2) {
      if (names[i + 1] - names[i] == to - from
          && Arrays.equals(in, names[i], names[i + 1], in, from, to)) {
        return false;
      }
    }
    if (namesEnd - mine >= 2 * MAX_MEMBERS) {
      return false;
    }
    if (namesEnd == names.length) {
      names = Arrays.copyOf(names, namesEnd * 2);
    }
    names[namesEnd++] = from;
    names[namesEnd++] = to;
    return true;
  }

  private boolean skipNumber() {
    int from = at;
    if (next() == '-') {
      at++;
    }
    boolean fine = next() == '0' ? at++ >= 0 : digits();
    if (fine && next() == '.') {
      at++;
      fine = digits();
    }
    if (fine && (next() == 'e' || next() == 'E')) {
      at++;
      if (next() == '+' || next() == '-') {
        at++;
      }
      fine = digits();
    }
    return fine && at - from <= MAX_NUMBER;
  }

  private boolean digits() {
    int from = at;
    while (next() >= '0' && next() <= '9') {
      at++;
    }
    return at > from;
  }

  /// A whole number without fraction or exponent, and not `-0`.
  private boolean integer() {
    boolean negative = next() == '-';
    if (negative) {
      at++;
    }
    boolean fine = next() == '0' ? !negative && at++ >= 0 : digits();
    return fine && next() != '.' && next() != 'e' && next() != 'E';
  }

  private boolean skipString() {
    if (next() != '"') {
      return false;
    }
    escaped = false;
    byte[] bytes = in;
    for (int i = at + 1; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      if (b == '\\') {
        escaped = true;
        at = i + 1;
        if (!escape()) {
          return false;
        }
        i = at - 1;
      } else if (b >= 0 && b < 0x20) {
        return false;
      }
    }
    return false;
  }

  private boolean escape() {
    int b = next();
    at++;
    switch (b) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
        return true;
      case 'u':
        for (int end = at + 4; at < end; at++) {
          if (Character.digit(next(), 16) < 0) {
            return false;
          }
        }
        return true;
      default:
        return false;
    }
  }

  /// Goes over a name without escapes.
  private boolean name() {
    if (next() != '"') {
      return false;
    }
    byte[] bytes = in;
    int end = Math.min(bytes.length, at + MAX_NAME);
    for (int i = at + 1; i < end; i++) {
      byte b = bytes[i];
      if (b == '"') {
        at = i + 1;
        return true;
      }
      if (b == '\\' || (b >= 0 && b < 0x20)) {
        return false;
      }
    }
    return false;
  }

  // --- between values

  /// The byte at this place; -1 behind the last.
  private int next() {
    return at < in.length ? in[at] : -1;
  }

  private void space() {
    while (at < in.length
        && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
      at++;
    }
  }

  private boolean begins(char bracket) {
    if (next() != bracket || ++depth > maxDepth) {
      return false;
    }
    at++;
    space();
    return true;
  }

  private boolean ends(char bracket) {
    if (next() != bracket) {
      return false;
    }
    at++;
    depth--;
    return true;
  }

  private boolean colon() {
    space();
    if (next() != ':') {
      return false;
    }
    at++;
    space();
    return true;
  }

  /// Whether a comma follows, and so another value.
  private boolean another() {
    space();
    if (next() != ',') {
      return false;
    }
    at++;
    space();
    return true;
  }

  private boolean literal(byte[] word) {
    if (!is(word, at, at + word.length)) {
      return false;
    }
    at += word.length;
    return true;
  }

  private boolean is(byte[] word, int from, int to) {
    if (to - from != word.length || to > in.length) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (in[from + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
