package io.outrider.redaction.match;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several expressions that begin with one literal, asked together whether any of them may match:
/// one run instead of many where none does. Thread-safe; built when the first text needs it.
public final class Guard {
  private final List<Regex> regexes;
  private final LazyDfa.Entry entry;
  private volatile @Nullable LazyDfa dfa;

  /// @param literal what all of them begin with
  public Guard(List<Regex> regexes, String literal) {
    this.regexes = List.copyOf(regexes);
    this.entry = new LazyDfa.Entry(literal);
  }

  /// Whether a match of one of them may start at `at`, where the literal stands: a position if so,
  /// or `-1 - position` when it is certain that none does. A quote counts as the end of the text
  /// too, for expressions that ask for it.
  public int mayMatchAt(byte[] text, int begin, int at, int end) {
    LazyDfa known = dfa;
    if (known == null) {
      known =
          new LazyDfa(Program.union(regexes.stream().map(Regex::program).toList()), false, true);
      dfa = known;
    }
    return known.run(text, begin, at, end, entry);
  }
}
