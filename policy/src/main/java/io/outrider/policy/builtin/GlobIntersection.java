package io.outrider.policy.builtin;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides whether two small patterns of the kind `regex.globs_match` takes have a text in common
/// that is not empty. Two empty patterns count as meeting, as they do in OPA. A pattern is a
/// sequence of characters, `.` and `[...]` sets, each with an optional `*` or `+`.
final class GlobIntersection {
  private static final int MAX_TOKENS = 1_000;

  private GlobIntersection() {}

  /// One position of a pattern. A null set of characters means any character.
  private record Token(@Nullable Set<Integer> set, char flag) {
    boolean meets(Token other) {
      Set<Integer> mine = set;
      Set<Integer> theirs = other.set;
      return mine == null || theirs == null || !java.util.Collections.disjoint(mine, theirs);
    }

    boolean repeats() {
      return flag != 0;
    }
  }

  static boolean isNonEmpty(BuiltinContext cx, String left, String right) {
    return (left.isEmpty() && right.isEmpty())
        || new Search(cx, tokens(left), tokens(right)).found();
  }

  /// Explores pairs of positions: the state (i, j) is reachable when some text leads the left
  /// pattern to i and the right one to j. `+` is read as the token followed by the token with `*`.
  private record Search(BuiltinContext cx, List<Token> left, List<Token> right) {
    boolean found() {
      int width = right.size() + 1;
      boolean[] seen = new boolean[(left.size() + 1) * width];
      boolean[] consumed = new boolean[seen.length];
      List<int[]> open = new ArrayList<>();
      open.add(new int[] {0, 0, 0});
      while (!open.isEmpty()) {
        int[] state = open.removeLast();
        int i = state[0];
        int j = state[1];
        boolean some = state[2] == 1;
        boolean[] marks = some ? consumed : seen;
        if (marks[i * width + j]) {
          continue;
        }
        marks[i * width + j] = true;
        cx.spend(1);
        if (i == left.size() && j == right.size()) {
          if (some) {
            return true;
          }
          continue;
        }
        expand(i, j, state[2], open);
      }
      return false;
    }

    private void expand(int i, int j, int some, List<int[]> open) {
      Token l = i < left.size() ? left.get(i) : null;
      Token r = j < right.size() ? right.get(j) : null;
      if (l != null && l.repeats()) {
        open.add(new int[] {i + 1, j, some});
      }
      if (r != null && r.repeats()) {
        open.add(new int[] {i, j + 1, some});
      }
      if (l != null && r != null && l.meets(r)) {
        open.add(new int[] {l.repeats() ? i : i + 1, r.repeats() ? j : j + 1, 1});
      }
    }
  }

  private static List<Token> tokens(String pattern) {
    List<Token> tokens = new ArrayList<>();
    int[] text = pattern.codePoints().toArray();
    int at = 0;
    while (at < text.length) {
      int c = text[at++];
      Set<Integer> set;
      switch (c) {
        case '*', '+' -> throw bad("flag '" + Character.toString(c) + "' must follow a token");
        case '.' -> set = null;
        case '[' -> {
          set = new HashSet<>();
          at = readSet(text, at, set);
        }
        case ']' ->
            throw bad(
                "input:%s, pos:%d, set-close ']' with no preceding '['".formatted(pattern, at));
        case '\\' -> {
          if (at == text.length) {
            throw bad("input ends with '\\'");
          }
          set = Set.of(text[at++]);
        }
        default -> set = Set.of(c);
      }
      addToken(tokens, set, at < text.length ? text[at] : 0);
      if (at < text.length && (text[at] == '*' || text[at] == '+')) {
        at++;
      }
      if (tokens.size() > MAX_TOKENS) {
        throw bad("more than " + MAX_TOKENS + " tokens");
      }
    }
    return tokens;
  }

  private static void addToken(List<Token> tokens, @Nullable Set<Integer> set, int flag) {
    if (flag != '*') {
      tokens.add(new Token(set, (char) 0));
    }
    if (flag == '*' || flag == '+') {
      tokens.add(new Token(set, '*'));
    }
  }

  private static int readSet(int[] text, int from, Set<Integer> set) {
    int at = from;
    while (at < text.length && text[at] != ']') {
      int low = text[at] == '\\' && at + 1 < text.length ? text[++at] : text[at];
      at++;
      int high = low;
      if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
        high = text[at + 1];
        at += 2;
      }
      if (high < low || high - low > 0xFFFF) {
        throw bad("bad range in set");
      }
      for (int c = low; c <= high; c++) {
        set.add(c);
      }
    }
    if (at == text.length) {
      throw bad("set without ']'");
    }
    return at + 1;
  }

  private static BuiltinException bad(String problem) {
    return Args.error(problem + ": the input provided is invalid");
  }
}
