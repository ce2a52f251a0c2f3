package io.outrider.redaction;

import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.json.Tape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One string of a decoded text, as [Scope] sees it. Moved from string to string.
final class StringView implements JsonString {
  private final JsonText text;
  private int entry;
  private int base;

  // How far the elements of an array have been counted; findings come in order, so counting goes on
  // where it stopped.
  private int countedArray = -1;
  private int countedElement;
  private int countedIndex;

  /// What pointers say in the place of names that are secret.
  private final Map<Integer, String> hidden = new HashMap<>();

  StringView(JsonText text) {
    this.text = text;
  }

  /// Begins with a new text.
  void reset(int offset) {
    base = offset;
    countedArray = -1;
    hidden.clear();
  }

  /// Moves to the string or number that an entry of the tape belongs to in the message itself: an
  /// entry inside nested JSON belongs to the string around it.
  StringView at(int tapeEntry) {
    entry = outermost(text.tape(), tapeEntry);
    return this;
  }

  int entry() {
    return entry;
  }

  static int outermost(Tape tape, int tapeEntry) {
    int outer = tapeEntry;
    for (int e = tape.up(tapeEntry); e >= 0; e = tape.up(e)) {
      if (tape.kind(e) == Tape.NESTED) {
        outer = e;
      }
    }
    return outer;
  }

  /// Lets a label stand for a name in pointers.
  void hide(int key, String label) {
    hidden.put(key, label);
  }

  @Override
  public List<String> segments() {
    return segments(Map.of());
  }

  private List<String> segments(Map<Integer, String> labels) {
    Tape tape = text.tape();
    List<String> reversed = new ArrayList<>();
    for (int e = entry; tape.up(e) >= 0; e = tape.up(e)) {
      if (tape.kind(e) == Tape.KEY) {
        // A name found to be secret: its own member.
        reversed.add(name(e, labels));
      } else if (tape.isMember(e)) {
        reversed.add(name(e - 1, labels));
      } else {
        reversed.add(Integer.toString(index(e)));
      }
    }
    return reversed.reversed();
  }

  private String name(int e, Map<Integer, String> labels) {
    String label = labels.get(e);
    return label == null ? string(e) : label;
  }

  /// The JSON pointer of the string.
  String pointer() {
    var pointer = new StringBuilder();
    for (String segment : segments(hidden)) {
      pointer.append('/').append(segment.replace("~", "~0").replace("/", "~1"));
    }
    return pointer.toString();
  }

  private int index(int element) {
    Tape tape = text.tape();
    int array = tape.up(element);
    if (array != countedArray || element < countedElement) {
      countedArray = array;
      countedElement = array + 1;
      countedIndex = 0;
    }
    while (countedElement < element) {
      byte kind = tape.kind(countedElement);
      boolean holds = kind == Tape.OBJECT || kind == Tape.ARRAY || kind == Tape.NESTED;
      countedElement = holds ? tape.end(countedElement) : countedElement + 1;
      countedIndex++;
    }
    return countedIndex;
  }

  @Override
  public Optional<String> key() {
    return text.tape().isMember(entry) ? Optional.of(string(entry - 1)) : Optional.empty();
  }

  @Override
  public Optional<String> sibling(String name) {
    Tape tape = text.tape();
    int object = tape.up(entry);
    if (object < 0 || tape.kind(object) != Tape.OBJECT) {
      return Optional.empty();
    }
    byte[] wanted = name.getBytes(StandardCharsets.UTF_8);
    int e = object + 1;
    while (e < tape.end(object)) {
      int value = e + 1;
      if (tape.kind(value) == Tape.STRING && equal(e, wanted)) {
        return Optional.of(string(value));
      }
      byte kind = tape.kind(value);
      boolean holds = kind == Tape.OBJECT || kind == Tape.ARRAY || kind == Tape.NESTED;
      e = holds ? tape.end(value) : value + 1;
    }
    return Optional.empty();
  }

  private boolean equal(int e, byte[] wanted) {
    Tape tape = text.tape();
    int start = tape.start(e);
    if (tape.end(e) - start != wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (text.text()[start + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private String string(int e) {
    Tape tape = text.tape();
    return new String(
        text.text(), tape.start(e), tape.end(e) - tape.start(e), StandardCharsets.UTF_8);
  }

  @Override
  public int start() {
    return text.rawStart(text.tape().start(entry) - 1) + 1 - base;
  }

  @Override
  public int end() {
    return text.rawStart(text.tape().limit(entry)) - base;
  }
}
