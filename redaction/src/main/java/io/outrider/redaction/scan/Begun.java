package io.outrider.redaction.scan;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What had begun and was not decided when the text before a place was given on: rules, and where
/// their matches begin. Only what stands around a secret may have gone so, never a part of it.
/// Belongs to one text that comes in pieces; not thread-safe.
public final class Begun {
  private int[] rules = new int[8];
  private int[] starts = new int[8];
  private int size;

  /// Where a literal may have begun, and up to where literals were looked for.
  private int literal = Integer.MAX_VALUE;

  private int seen = Integer.MAX_VALUE;

  /// Whose rules they are.
  private @Nullable Engine engine;

  /// Forgets all: what comes is another text.
  public void clear() {
    size = 0;
    engine = null;
    noLiteral();
  }

  /// The first place that is still needed, of those before another one.
  public int first(int otherwise) {
    return Math.min(literal, size == 0 ? otherwise : Math.min(otherwise, starts[0]));
  }

  /// Says that so many bytes before all places are gone.
  public void shift(int by) {
    for (int i = 0; i < size; i++) {
      starts[i] -= by;
    }
    if (seen != Integer.MAX_VALUE) {
      literal -= by;
      seen -= by;
    }
  }

  /// Gives up what began before a place.
  public void forget(int before) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (starts[i] >= before) {
        rules[kept] = rules[i];
        starts[kept++] = starts[i];
      }
    }
    size = kept;
  }

  int size() {
    return size;
  }

  int rule(int i) {
    return rules[i];
  }

  int start(int i) {
    return starts[i];
  }

  /// Whether what has gone was searched by other rules.
  boolean isOfOther(Engine e) {
    return engine != null && engine != e;
  }

  void begin(Engine e) {
    size = 0;
    engine = e;
    noLiteral();
  }

  private void noLiteral() {
    literal = Integer.MAX_VALUE;
    seen = Integer.MAX_VALUE;
  }

  /// Says that a literal may have begun at a place, in a text that ends at another.
  void addLiteral(int start, int end) {
    literal = start;
    seen = end;
  }

  /// Whether a literal that was not there yet begins and ends at such places.
  boolean hasLiteral(int start, int end) {
    return start >= literal && end > seen;
  }

  /// Adds a place, in order.
  void add(int rule, int start) {
    int at = size;
    while (at > 0 && starts[at - 1] > start) {
      at--;
    }
    for (int i = at; i > 0 && starts[i - 1] == start; i--) {
      if (rules[i - 1] == rule) {
        return;
      }
    }
    if (size == rules.length) {
      rules = Arrays.copyOf(rules, 2 * size);
      starts = Arrays.copyOf(starts, 2 * size);
    }
    System.arraycopy(rules, at, rules, at + 1, size - at);
    System.arraycopy(starts, at, starts, at + 1, size - at);
    rules[at] = rule;
    starts[at] = start;
    size++;
  }
}
