package io.outrider.redaction.match;

import java.util.Arrays;

/// Tells how far a match that needs more text has come: whether a group has begun in any way to go
/// on, and where at the earliest. All ways go side by side, as in [CaptureVm], but of the ways that
/// meet at one instruction only the earliest beginning is kept. Assertions are taken to hold, so it
/// may see ways that are none, never the other way round. Not thread-safe; cheap to reuse.
final class Unfinished {
  /// No way can go on.
  static final int DEAD = -1;

  /// The limit was too low to tell.
  static final int UNKNOWN = -2;

  private static final int NONE = Integer.MAX_VALUE;

  /// Per instruction the round in which it was last reached, and the beginning of the group then.
  private int[] round = new int[0];

  private int[] begun = new int[0];
  private int rounds;

  private int[] here = new int[0];
  private int[] next = new int[0];
  private int[] begins = new int[0];
  private int size;
  private int[] stack = new int[64];
  private int steps;

  /// Instructions that the last call took.
  int steps() {
    return steps;
  }

  /// How far what starts at `at` has come where the text ends.
  ///
  /// @param group the group; 0 for any
  /// @param always whether to take the whole match for a group that began with it
  /// @param limit most instructions to take
  /// @return the earliest place at which the group begins, `end` when it has not begun, [#DEAD] or
  ///   [#UNKNOWN]
  int groupFrom(
      Program program, byte[] text, int at, int end, int group, boolean always, int limit) {
    if (round.length < program.size()) {
      round = new int[program.size()];
      begun = new int[program.size()];
      here = new int[program.size()];
      next = new int[program.size()];
      begins = new int[program.size()];
      rounds = 0;
    }
    steps = 0;
    size = 0;
    newRound();
    reach(program, next, program.start, always ? at : NONE, at, group);
    for (int i = at; i < end; i++) {
      int[] swap = here;
      here = next;
      next = swap;
      int count = size;
      // What is known of this round is overwritten by the next.
      for (int k = 0; k < count; k++) {
        begins[k] = begun[here[k]];
      }
      size = 0;
      newRound();
      for (int k = 0; k < count; k++) {
        int pc = here[k];
        if (Program.has(program.sets[program.a[pc]], text[i] & 0xff)) {
          reach(program, next, program.b[pc], begins[k], i + 1, group);
        }
      }
      steps += count;
      if (size == 0) {
        return DEAD;
      }
      if (steps > limit) {
        return UNKNOWN;
      }
    }
    int first = end;
    for (int k = 0; k < size; k++) {
      first = Math.min(first, begun[next[k]]);
    }
    return size == 0 ? DEAD : first;
  }

  private void newRound() {
    if (++rounds == Integer.MAX_VALUE) {
      Arrays.fill(round, 0);
      rounds = 1;
    }
  }

  /// Adds the instructions that consume and are reached without consuming.
  private void reach(Program p, int[] list, int from, int beginning, int at, int group) {
    int top = 0;
    stack[top++] = from;
    stack[top++] = beginning;
    while (top > 0) {
      int since = stack[--top];
      int pc = stack[--top];
      boolean known = round[pc] == rounds;
      if (known && begun[pc] <= since) {
        continue;
      }
      round[pc] = rounds;
      begun[pc] = since;
      steps++;
      if (stack.length < top + 4) {
        stack = Arrays.copyOf(stack, 2 * stack.length);
      }
      switch (p.op[pc]) {
        case Program.BYTES -> {
          if (!known) {
            list[size++] = pc;
          }
        }
        case Program.SPLIT -> {
          stack[top++] = p.b[pc];
          stack[top++] = since;
          stack[top++] = p.a[pc];
          stack[top++] = since;
        }
        case Program.SAVE -> {
          int slot = p.a[pc];
          boolean opens = (slot & 1) == 0 && slot > 0 && (group == 0 || slot == 2 * group);
          stack[top++] = p.b[pc];
          stack[top++] = opens ? Math.min(since, at) : since;
        }
        case Program.ASSERT -> {
          stack[top++] = p.b[pc];
          stack[top++] = since;
        }
        default -> {
          // A match: it was found already.
        }
      }
    }
  }
}
