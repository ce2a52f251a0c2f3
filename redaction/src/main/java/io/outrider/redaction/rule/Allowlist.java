package io.outrider.redaction.rule;

import io.outrider.redaction.match.LiteralAutomaton;
import io.outrider.redaction.match.Regex;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What makes a match no secret after all. Immutable and thread-safe.
public final class Allowlist {
  /// gitleaks lets a list speak about the whole line. A JSON document is often one line, and an
  /// ordinary `import` in it would hide every secret; so a line reaches no further than this many
  /// bytes to either side of a match.
  private static final int LINE_REACH = 200;

  /// What the expressions look at.
  enum Target {
    SECRET,
    MATCH,
    LINE
  }

  private final Target target;
  private final boolean all;
  private final List<Regex> regexes;
  private final List<String> stopwords;
  private volatile @Nullable LiteralAutomaton words;

  /// @param all whether an expression and a stop word must both speak for it, rather than either
  Allowlist(Target target, boolean all, List<Regex> regexes, List<String> stopwords) {
    this.target = target;
    this.all = all;
    this.regexes = List.copyOf(regexes);
    this.stopwords = List.copyOf(stopwords);
  }

  /// How many bytes after a match may make a difference.
  public int reach() {
    return target == Target.LINE && !regexes.isEmpty() ? LINE_REACH : 0;
  }

  /// Whether the list speaks for a match. The text is bounded by `[begin, end)`.
  public boolean allows(
      byte[] text,
      int begin,
      int end,
      int matchStart,
      int matchEnd,
      int secretStart,
      int secretEnd) {
    boolean bySecret = hasStopword(text, secretStart, secretEnd);
    if (bySecret && !all) {
      return true;
    }
    if (all && !bySecret && !stopwords.isEmpty()) {
      return false;
    }
    if (regexes.isEmpty()) {
      return bySecret;
    }
    return switch (target) {
      case SECRET -> any(text, secretStart, secretEnd);
      case MATCH -> any(text, matchStart, matchEnd);
      case LINE -> {
        int from = matchStart;
        while (from > begin && from > matchStart - LINE_REACH && text[from - 1] != '\n') {
          from--;
        }
        int to = matchEnd;
        while (to < end && to < matchEnd + LINE_REACH && text[to] != '\n') {
          to++;
        }
        yield any(text, from, to);
      }
    };
  }

  private boolean any(byte[] text, int from, int to) {
    for (Regex regex : regexes) {
      if (regex.find(text, from, from, to) >= 0) {
        return true;
      }
    }
    return false;
  }

  private boolean hasStopword(byte[] text, int from, int to) {
    if (stopwords.isEmpty()) {
      return false;
    }
    LiteralAutomaton known = words;
    if (known == null) {
      known = new LiteralAutomaton(stopwords);
      words = known;
    }
    return known.containsAny(text, from, to);
  }
}
