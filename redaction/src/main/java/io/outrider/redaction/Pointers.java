package io.outrider.redaction;

import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.json.Tape;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.rule.RuleReader;
import io.outrider.redaction.scan.Matches;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The pointers of a policy obligation, followed through one message.
final class Pointers {
  /// What masks a whole value because a policy said so.
  static final Rule POLICY = policy();

  private Pointers() {}

  private static Rule policy() {
    var reader = new RuleReader(Set.of(), Set.of());
    reader.read(
        "policy", "[[rules]]\nid = 'policy'\n[rules.outrider]\nkind = 'key'\ngroup = 'policy'\n");
    return reader.rules().getFirst();
  }

  /// Adds every string and number at and below the pointers as a match of one rule.
  static void addAll(Detectors detectors, JsonText text, int rule, Matches out) {
    Tape tape = text.tape();
    for (int[] range : ranges(detectors, text)) {
      int e = range[0];
      while (e < range[1]) {
        byte kind = tape.kind(e);
        if (kind == Tape.STRING || kind == Tape.NUMBER || kind == Tape.NESTED) {
          if (tape.limit(e) > tape.start(e)) {
            out.add(rule, e, tape.start(e), tape.limit(e));
          }
        }
        e = kind == Tape.NESTED ? tape.end(e) : e + 1;
      }
    }
  }

  /// Drops the matches from `first` on that lie below no pointer.
  static void keepBelow(Detectors detectors, JsonText text, Matches matches, int first) {
    List<int[]> ranges = ranges(detectors, text);
    matches.keep(
        first,
        i -> ranges.stream().anyMatch(r -> matches.entry(i) >= r[0] && matches.entry(i) < r[1]));
  }

  /// The entries at and below each pointer, as first and one past the last.
  private static List<int[]> ranges(Detectors detectors, JsonText text) {
    List<int[]> found = new ArrayList<>();
    for (String pointer : detectors.pointers()) {
      String whole = detectors.base() + pointer;
      String[] steps = whole.isEmpty() ? new String[0] : whole.substring(1).split("/", -1);
      for (int i = 0; i < steps.length; i++) {
        steps[i] = steps[i].replace("~1", "/").replace("~0", "~");
      }
      follow(text, 0, steps, 0, found);
    }
    return found;
  }

  private static void follow(
      JsonText text, int entry, String[] steps, int step, List<int[]> found) {
    Tape tape = text.tape();
    byte kind = tape.kind(entry);
    if (step == steps.length) {
      found.add(new int[] {entry, next(tape, entry)});
      return;
    }
    if (kind != Tape.OBJECT && kind != Tape.ARRAY) {
      return;
    }
    boolean any = steps[step].equals("*");
    int index = 0;
    int e = entry + 1;
    while (e < tape.end(entry)) {
      int value = kind == Tape.OBJECT ? e + 1 : e;
      boolean matches =
          any
              || (kind == Tape.OBJECT
                  ? is(text, e, steps[step])
                  : steps[step].equals(Integer.toString(index)));
      if (matches) {
        follow(text, value, steps, step + 1, found);
      }
      e = next(tape, value);
      index++;
    }
  }

  private static int next(Tape tape, int entry) {
    byte kind = tape.kind(entry);
    boolean holds = kind == Tape.OBJECT || kind == Tape.ARRAY || kind == Tape.NESTED;
    return holds ? tape.end(entry) : entry + 1;
  }

  private static boolean is(JsonText text, int entry, String name) {
    Tape tape = text.tape();
    int start = tape.start(entry);
    return name.equals(
        new String(text.text(), start, tape.end(entry) - start, StandardCharsets.UTF_8));
  }
}
