package io.outrider.audit.verify;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Reads of a leaf what completeness needs, without taking all of it apart: the verifier looks at
/// every record of a log, and a full parse costs ten times what hashing does.
///
/// It knows the plain half of what a leaf may be: ASCII, keys in rising order, whole numbers, call
/// records. What it accepts is a leaf that [io.outrider.audit.format.Leaf] reads the same way;
/// whatever else it meets it leaves to that. Not thread-safe; one for each leaf.
final class LeafScanner {
  /// As deep as a parse goes; ours nest three deep.
  private static final int MAX_DEPTH = 16;

  /// Digits that fit into a long for sure.
  private static final int MAX_DIGITS = 18;

  private final byte[] in;
  private int at;
  private long version = -1;
  private long index = -1;
  private long monotonic = -1;
  private long intent = -1;
  private @Nullable String kind;
  private String boot = "";
  private @Nullable String callId;
  private @Nullable String out;

  private LeafScanner(byte[] in) {
    this.in = in;
  }

  /// The scan of a call's record; empty if it takes a full parse to tell what this is.
  static Optional<LeafScan> scan(byte[] bytes) {
    LeafScanner scanner = new LeafScanner(bytes);
    if (!scanner.object(1) || scanner.at != bytes.length) {
      return Optional.empty();
    }
    return scanner.result();
  }

  private Optional<LeafScan> result() {
    if (kind == null || kind.equals("event") || version < 0 || index < 0) {
      return Optional.empty();
    }
    return Optional.of(
        new LeafScan(
            version,
            index,
            kind,
            boot,
            monotonic,
            callId,
            intent < 0 ? OptionalLong.empty() : OptionalLong.of(intent),
            out,
            null,
            in,
            null));
  }

  private boolean take(char c) {
    if (at < in.length && in[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean object(int depth) {
    if (!take('{')) {
      return false;
    }
    if (take('}')) {
      return true;
    }
    int lastStart = 0;
    int lastEnd = 0;
    do {
      int start = at + 1;
      if (!string()) {
        return false;
      }
      int end = at - 1;
      // Rising keys cannot be doubled. An escape could write one key in two ways.
      if (lastEnd > 0 && !rises(lastStart, lastEnd, start, end)
          || isEscaped(start, end)
          || !take(':')
          || !(depth == 1 ? field(start, end) : value(depth))) {
        return false;
      }
      lastStart = start;
      lastEnd = end;
    } while (take(','));
    return take('}');
  }

  private boolean rises(int start, int end, int nextStart, int nextEnd) {
    int shorter = Math.min(end - start, nextEnd - nextStart);
    for (int i = 0; i < shorter; i++) {
      int order = in[start + i] - in[nextStart + i];
      if (order != 0) {
        return order < 0;
      }
    }
    return end - start < nextEnd - nextStart;
  }

  private boolean isEscaped(int start, int end) {
    for (int i = start; i < end; i++) {
      if (in[i] == '\\') {
        return true;
      }
    }
    return false;
  }

  /// A field of the leaf itself, whose value may be wanted.
  private boolean field(int start, int end) {
    switch (end - start) {
      case 1 -> {
        switch (in[start]) {
          case 'v' -> {
            version = number();
            return version >= 0;
          }
          case 'i' -> {
            index = number();
            return index >= 0;
          }
          case 'm' -> {
            monotonic = number();
            return monotonic >= 0;
          }
          case 'k' -> {
            kind = text();
            return kind != null;
          }
          default -> {
            return value(1);
          }
        }
      }
      case 3 -> {
        if (is("out", start)) {
          out = text();
          return out != null;
        }
        return value(1);
      }
      case 4 -> {
        if (is("boot", start)) {
          String text = text();
          boot = text == null ? "" : text;
          return text != null;
        }
        if (is("call", start)) {
          callId = text();
          return callId != null;
        }
        return value(1);
      }
      case 6 -> {
        if (is("intent", start)) {
          intent = number();
          return intent >= 0;
        }
        return value(1);
      }
      default -> {
        return value(1);
      }
    }
  }

  private boolean is(String name, int start) {
    for (int i = 0; i < name.length(); i++) {
      if (in[start + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private boolean value(int depth) {
    if (at >= in.length || depth >= MAX_DEPTH) {
      return false;
    }
    return switch (in[at]) {
      case '"' -> string();
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case 't' -> word("true");
      case 'f' -> word("false");
      default -> number() >= 0;
    };
  }

  private boolean array(int depth) {
    at++;
    if (take(']')) {
      return true;
    }
    do {
      if (!value(depth)) {
        return false;
      }
    } while (take(','));
    return take(']');
  }

  private boolean word(String word) {
    if (in.length - at < word.length() || !is(word, at)) {
      return false;
    }
    at += word.length();
    return true;
  }

  /// A number without sign, fraction or needless zero; -1 if there is none.
  private long number() {
    int start = at;
    long number = 0;
    while (at < in.length && in[at] >= '0' && in[at] <= '9') {
      number = number * 10 + in[at++] - '0';
      if (at - start > MAX_DIGITS) {
        return -1;
      }
    }
    return at == start || in[start] == '0' && at - start > 1 ? -1 : number;
  }

  /// A string without escapes; null if there is none.
  private @Nullable String text() {
    int start = at + 1;
    return string() && !isEscaped(start, at - 1)
        ? new String(in, start, at - 1 - start, StandardCharsets.US_ASCII)
        : null;
  }

  /// A string of ASCII characters, to behind its last quote.
  private boolean string() {
    if (!take('"')) {
      return false;
    }
    while (at < in.length) {
      byte c = in[at++];
      if (c == '"') {
        return true;
      }
      if (c < 0x20 || c == '\\' && !escape()) {
        return false; // what is not ASCII is negative
      }
    }
    return false;
  }

  /// What stands behind a backslash.
  private boolean escape() {
    if (at >= in.length) {
      return false;
    }
    switch (in[at++]) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
        return true;
      }
      case 'u' -> {
        for (int end = at + 4; at < end; at++) {
          if (at >= in.length || Character.digit(in[at], 16) < 0) {
            return false;
          }
        }
        return true;
      }
      default -> {
        return false;
      }
    }
  }
}
