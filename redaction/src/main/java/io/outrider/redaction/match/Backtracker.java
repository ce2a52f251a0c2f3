package io.outrider.redaction.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where the groups of a match lie by trying one alternative after the other, in order of
/// preference. Many times faster than [CaptureVm] on what rules look like, but not linear; so it
/// counts its steps and gives up in time. Not thread-safe; cheap to reuse.
final class Backtracker {
  /// Steps that are allowed whatever the length; most tokens need fewer.
  private static final int BASE_BUDGET = 4_096;

  /// Steps allowed per byte that was looked at: the other machine would look at as many.
  private static final int BUDGET = 16;

  /// Bytes that are spanned in the time of one step.
  private static final int SPANNED = 4;

  /// Alternatives that may wait: what a match of megabytes leaves behind is not kept for ever.
  private static final int MOST_WAITING = 1 << 16;

  private int[] stack = new int[256];
  private int[] caps = new int[16];
  private boolean gaveUp;
  private boolean touchedEnd;
  private int steps;

  /// What the last call cost, in instructions.
  int steps() {
    return steps;
  }

  /// Whether the last call ended without an answer.
  boolean gaveUp() {
    return gaveUp;
  }

  /// Whether the last call asked for what is beyond the end of the text.
  boolean touchedEnd() {
    return touchedEnd;
  }

  /// Matches at `at` and nowhere later. The array is reused by the next call; null is no match, or
  /// no answer.
  int @Nullable [] match(Program program, byte[] text, int begin, int at, int end) {
    int width = 2 * (program.groups + 1);
    if (caps.length < width) {
      caps = new int[width];
    }
    Arrays.fill(caps, 0, width, -1);
    gaveUp = false;
    touchedEnd = false;
    final byte[] op = program.op;
    final int[] a = program.a;
    final int[] b = program.b;
    final long[][] sets = program.sets;
    final Program.Firsts firsts = program.firsts();
    int furthest = at;
    int top = 0;
    int pc = program.start;
    int i = at;
    steps = 0;
    while (true) {
      boolean failed = false;
      steps++;
      touchedEnd |= i >= end && op[pc] != Program.MATCH;
      switch (op[pc]) {
        case Program.BYTES -> {
          if (i < end && Program.has(sets[a[pc]], text[i] & 0xff)) {
            i++;
            furthest = Math.max(furthest, i);
            pc = b[pc];
          } else {
            failed = true;
          }
        }
        case Program.SPLIT -> {
          int here = pc;
          int preferred = a[pc];
          int other = b[pc];
          if (i < end && !firsts.allow(preferred, text[i])) {
            pc = other;
          } else {
            if (i >= end || firsts.allow(other, text[i])) {
              // Nobody comes back for what waits behind an alternative that cannot fail.
              top = firsts.areSure(other) ? 0 : top;
              if (top + 2 > stack.length) {
                stack = Arrays.copyOf(stack, 2 * stack.length);
              }
              stack[top++] = i;
              stack[top++] = other;
            }
            pc = preferred;
            if (i < end && op[pc] == Program.BYTES) {
              // Allowed is all there is to know of a set.
              i++;
              pc = b[pc];
              if (pc == here && firsts.areSure(other)) {
                // A loop to the end of the match: the longest is preferred.
                int spanned = Program.span(sets[a[preferred]], text, i, end);
                steps += (spanned - i) / SPANNED;
                i = spanned;
                stack[top - 2] = i;
              }
              furthest = Math.max(furthest, i);
            }
          }
        }
        case Program.SAVE -> {
          if (top + 2 > stack.length) {
            stack = Arrays.copyOf(stack, 2 * stack.length);
          }
          stack[top++] = caps[a[pc]];
          stack[top++] = -a[pc] - 1;
          caps[a[pc]] = i;
          pc = b[pc];
        }
        case Program.ASSERT -> {
          if (CaptureVm.holds(a[pc], text, begin, i, end)) {
            pc = b[pc];
          } else {
            failed = true;
          }
        }
        default -> {
          return caps;
        }
      }
      if (top > MOST_WAITING
          || (steps > BASE_BUDGET && steps - BASE_BUDGET > (long) BUDGET * (furthest - at))) {
        gaveUp = true;
        return null;
      }
      while (failed) {
        if (top == 0) {
          return null;
        }
        int target = stack[--top];
        int value = stack[--top];
        if (target >= 0) {
          pc = target;
          i = value;
          failed = false;
        } else {
          caps[-target - 1] = value;
        }
      }
    }
  }
}
