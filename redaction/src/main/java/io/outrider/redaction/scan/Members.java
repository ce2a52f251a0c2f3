package io.outrider.redaction.scan;

import io.outrider.redaction.json.Tape;

/// Pairs of members such as `"name": "password", "value": "..."`, in which one names the other.
final class Members {
  /// Members of an object among which the value of a name is looked for.
  private static final int MOST = 16;

  private Members() {}

  /// The member `value` of an object, or -1.
  static int valueIn(Tape tape, byte[] text, int object) {
    int key = object + 1;
    for (int n = 0; n < MOST && key < tape.end(object); n++) {
      int value = key + 1;
      if (is(tape, text, key, "value")) {
        return value;
      }
      byte kind = tape.kind(value);
      boolean holds = kind == Tape.OBJECT || kind == Tape.ARRAY || kind == Tape.NESTED;
      key = holds ? tape.end(value) : value + 1;
    }
    return -1;
  }

  /// Whether the value of a member names the value of another.
  static boolean isNaming(Tape tape, byte[] text, int key) {
    return is(tape, text, key, "name")
        || is(tape, text, key, "key")
        || is(tape, text, key, "field")
        || is(tape, text, key, "header");
  }

  private static boolean is(Tape tape, byte[] text, int entry, String word) {
    if (tape.end(entry) - tape.start(entry) != word.length()) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if ((text[tape.start(entry) + i] | 0x20) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
