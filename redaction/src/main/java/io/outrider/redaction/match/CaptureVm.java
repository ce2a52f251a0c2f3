package io.outrider.redaction.match;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Finds where the groups of a match lie, by running all alternatives side by side (Pike's
/// machine): linear in the text whatever the pattern. Preference among alternatives is that of Perl
/// and Go. Not thread-safe; cheap to reuse.
final class CaptureVm {
  private static final Node.Place[] PLACES = Node.Place.values();

  private boolean touchedEnd;

  /// Threads that the last call moved.
  private int steps;

  private Threads current = new Threads();
  private Threads next = new Threads();
  private int[] stack = new int[256];
  private int[] caps = new int[16];
  private int[] best = new int[16];

  /// Threads in order of preference, each with its slots.
  private static final class Threads {
    private int[] sparse = new int[0];
    private int[] dense = new int[0];
    private int[] slots = new int[0];
    private int size;

    void reset(int instructions, int width) {
      if (sparse.length < instructions) {
        sparse = new int[instructions];
        dense = new int[instructions];
      }
      if (slots.length < instructions * width) {
        slots = new int[instructions * width];
      }
      size = 0;
    }

    boolean contains(int pc) {
      int i = sparse[pc];
      return i < size && dense[i] == pc;
    }
  }

  /// Whether the last call asked for what is beyond the end of the text.
  boolean touchedEnd() {
    return touchedEnd;
  }

  /// What the last call cost, in instructions.
  int steps() {
    return steps;
  }

  /// Matches at `at` and nowhere later (or, when `search` is set, at the first place from there
  /// on).
  ///
  /// @return start and end of each group, group 0 being the whole match, -1 for a group that took
  ///   no part; null when there is no match. The array is reused by the next call.
  int @Nullable [] match(Program program, byte[] text, int begin, int at, int end, boolean search) {
    int width = 2 * (program.groups + 1);
    if (caps.length < width) {
      caps = new int[width];
      best = new int[width];
    }
    current.reset(program.size(), width);
    next.reset(program.size(), width);
    boolean matched = false;
    touchedEnd = false;
    steps = 0;
    for (int i = at; ; i++) {
      touchedEnd |= i >= end;
      if (!matched && (i == at || search)) {
        Arrays.fill(caps, 0, width, -1);
        add(program, current, program.start, text, begin, i, end, width);
      }
      if (current.size == 0) {
        if (matched || !search || i >= end) {
          break;
        }
        continue;
      }
      next.size = 0;
      steps += current.size;
      for (int k = 0; k < current.size; k++) {
        int pc = current.dense[k];
        if (program.op[pc] == Program.MATCH) {
          System.arraycopy(current.slots, k * width, best, 0, width);
          matched = true;
          // What follows is less preferred.
          break;
        }
        if (program.op[pc] == Program.BYTES
            && i < end
            && Program.has(program.sets[program.a[pc]], text[i] & 0xff)) {
          System.arraycopy(current.slots, k * width, caps, 0, width);
          add(program, next, program.b[pc], text, begin, i + 1, end, width);
        }
      }
      Threads swap = current;
      current = next;
      next = swap;
      if (i >= end) {
        break;
      }
    }
    return matched ? best : null;
  }

  /// Adds a thread and all it leads to without consuming, in order of preference. A stack entry
  /// below zero restores a slot: two entries hold the slot and its old value.
  private void add(
      Program p, Threads list, int from, byte[] text, int begin, int at, int end, int width) {
    int top = 0;
    stack = room(stack, 4);
    stack[top++] = from;
    while (top > 0) {
      int pc = stack[--top];
      if (pc < 0) {
        caps[-pc - 1] = stack[--top];
        continue;
      }
      while (true) {
        if (list.contains(pc)) {
          break;
        }
        list.sparse[pc] = list.size;
        list.dense[list.size] = pc;
        int mine = list.size++;
        byte op = p.op[pc];
        if (op == Program.BYTES || op == Program.MATCH) {
          System.arraycopy(caps, 0, list.slots, mine * width, width);
          break;
        }
        if (op == Program.SPLIT) {
          stack = room(stack, top + 4);
          stack[top++] = p.b[pc];
          pc = p.a[pc];
        } else if (op == Program.SAVE) {
          int slot = p.a[pc];
          stack = room(stack, top + 4);
          stack[top++] = caps[slot];
          stack[top++] = -slot - 1;
          caps[slot] = at;
          pc = p.b[pc];
        } else if (holds(p.a[pc], text, begin, at, end)) {
          pc = p.b[pc];
        } else {
          break;
        }
      }
    }
  }

  private static int[] room(int[] array, int needed) {
    return needed <= array.length ? array : Arrays.copyOf(array, 2 * needed);
  }

  static boolean holds(int place, byte[] text, int begin, int at, int end) {
    return switch (PLACES[place]) {
      case TEXT_START -> at == begin;
      case TEXT_END -> at == end;
      case LINE_START -> at == begin || text[at - 1] == '\n';
      case LINE_END -> at == end || text[at] == '\n';
      case WORD_EDGE -> word(text, begin, at - 1, end) != word(text, begin, at, end);
      case NOT_WORD_EDGE -> word(text, begin, at - 1, end) == word(text, begin, at, end);
    };
  }

  private static boolean word(byte[] text, int begin, int at, int end) {
    return at >= begin && at < end && LazyDfa.isWord(text[at] & 0xff);
  }
}
