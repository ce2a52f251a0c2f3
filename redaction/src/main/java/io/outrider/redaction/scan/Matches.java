package io.outrider.redaction.scan;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// What a search found, as rows of numbers: rule, entry of the tape, and the bytes of the decoded
/// text. Reusable.
public final class Matches {
  private int[] rule = new int[16];
  private int[] entry = new int[16];
  private int[] start = new int[16];
  private int[] stop = new int[16];
  private int size;

  public void clear() {
    size = 0;
  }

  public int size() {
    return size;
  }

  /// Drops the matches from a number on.
  void truncate(int newSize) {
    size = newSize;
  }

  /// The number of the rule in its engine, plus the offset given when it was added.
  public int rule(int i) {
    return rule[i];
  }

  public int entry(int i) {
    return entry[i];
  }

  public int start(int i) {
    return start[i];
  }

  public int stop(int i) {
    return stop[i];
  }

  /// Drops the matches from `first` on that a test does not want.
  public void keep(int first, IntPredicate wanted) {
    int kept = first;
    for (int i = first; i < size; i++) {
      if (wanted.test(i)) {
        rule[kept] = rule[i];
        entry[kept] = entry[i];
        start[kept] = start[i];
        stop[kept] = stop[i];
        kept++;
      }
    }
    size = kept;
  }

  public void add(int ruleNumber, int tapeEntry, int from, int to) {
    if (size == rule.length) {
      rule = Arrays.copyOf(rule, 2 * size);
      entry = Arrays.copyOf(entry, 2 * size);
      start = Arrays.copyOf(start, 2 * size);
      stop = Arrays.copyOf(stop, 2 * size);
    }
    rule[size] = ruleNumber;
    entry[size] = tapeEntry;
    start[size] = from;
    stop[size] = to;
    size++;
  }
}
