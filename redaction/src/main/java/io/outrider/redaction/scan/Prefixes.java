package io.outrider.redaction.scan;

import io.outrider.redaction.match.Anchors;
import java.util.ArrayList;
import java.util.List;

/// Literals that only count at a long run, such as the `ey` that a JSON web token begins with,
/// known by their first letters. Outside of runs they need not be looked for, so they may be as
/// frequent in prose as they like. Immutable.
final class Prefixes {
  /// What is looked at of a byte: letters are told apart, but not their case.
  private static final int BITS = 5;

  private static final int MASK = (1 << BITS) - 1;

  /// Places at which a literal may begin, by three letters: at the edge of a word, and anywhere.
  private final long[] edges = new long[1 << 3 * BITS - 6];

  private final long[] anywhere = new long[1 << 3 * BITS - 6];

  /// The shortest run that a match has which begins with its literal, in the run.
  private final int leastAfter;

  /// The shortest run for all others, whose literal may stand anywhere in the run, just behind it,
  /// or so many bytes before it.
  private final int leastAround;

  private final int before;

  /// The leads by two letters.
  private final Engine.Lead[][] leads = new Engine.Lead[1 << 2 * BITS][];

  Prefixes(List<Engine.Lead> all) {
    List<List<Engine.Lead>> byLetters = new ArrayList<>();
    for (int i = 0; i < leads.length; i++) {
      byLetters.add(new ArrayList<>());
    }
    int after = Integer.MAX_VALUE;
    int around = Integer.MAX_VALUE;
    int most = 0;
    for (Engine.Lead lead : all) {
      if (lead.max() == lead.length() && lead.toRun() == 0) {
        after = Math.min(after, lead.runLength());
      } else {
        around = Math.min(around, lead.runLength());
        most = Math.max(most, lead.toRun());
      }
      String literal = lead.literal();
      int two = (literal.charAt(0) & MASK) << BITS | literal.charAt(1) & MASK;
      byLetters.get(two).add(lead);
      boolean edge = lead.edge() == Anchors.Edge.WORD && lead.max() == lead.length();
      for (int third = 0; third <= MASK; third++) {
        if (literal.length() == 2 || (literal.charAt(2) & MASK) == third) {
          int three = two << BITS | third;
          (edge ? edges : anywhere)[three >>> 6] |= 1L << three;
        }
      }
    }
    leastAfter = after;
    leastAround = around;
    before = most;
    for (int i = 0; i < leads.length; i++) {
      leads[i] = byLetters.get(i).toArray(new Engine.Lead[0]);
    }
  }

  /// The first place at which a literal may stand for a run, and one past the last.
  int first(int start, int stop) {
    return stop - start >= leastAround ? start - before : start;
  }

  int limit(int start, int stop) {
    // Just behind the run as well, when what joins them may be nothing.
    return stop - start >= leastAround ? stop + 1 : stop - leastAfter + 1;
  }

  /// The letters at a place, as the other methods want them.
  static int letters(byte[] text, int at) {
    return (text[at] & MASK) << 2 * BITS | (text[at + 1] & MASK) << BITS | text[at + 2] & MASK;
  }

  /// Whether a literal may begin with these letters at the edge of a word.
  boolean mayBeginAtEdge(int letters) {
    return (edges[letters >>> 6] >>> letters & 1) != 0;
  }

  /// Whether a literal may begin with these letters anywhere.
  boolean mayBegin(int letters) {
    return (anywhere[letters >>> 6] >>> letters & 1) != 0;
  }

  /// The literals that may begin with these letters.
  Engine.Lead[] leads(int letters) {
    return leads[letters >>> BITS];
  }
}
