package io.outrider.redaction.scan;

import io.outrider.redaction.match.Ahead;
import io.outrider.redaction.match.Guard;
import io.outrider.redaction.match.Regex;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to do where a literal stands. Immutable.
final class Keyword {
  private static final Engine.Lead[] NONE = {};

  /// Leads that only count near a long run, and how near that must be for any of them.
  final Engine.Lead[] nearRuns;

  final int toRun;

  /// What must come after the literal for any lead.
  final Ahead ahead;

  /// Leads of which the guard says whether any is worth following.
  final Engine.Lead[] guarded;

  final @Nullable Guard guard;

  /// What must come after the literal for any of them.
  final Ahead aheadOfGuarded;

  /// All other leads.
  final Engine.Lead[] others;

  Keyword(String literal, List<Engine.Lead> leads, Regex[] regexes) {
    List<Engine.Lead> near = new ArrayList<>();
    List<Engine.Lead> begin = new ArrayList<>();
    List<Engine.Lead> rest = new ArrayList<>();
    int most = -1;
    for (Engine.Lead lead : leads) {
      if (lead.toRun() >= 0) {
        near.add(lead);
        most = Math.max(most, lead.toRun());
      } else {
        (lead.entry() != null ? begin : rest).add(lead);
      }
    }
    if (begin.size() == 1) {
      rest.addAll(begin);
      begin.clear();
    }
    toRun = most;
    nearRuns = near.toArray(NONE);
    guarded = begin.toArray(NONE);
    others = rest.toArray(NONE);
    ahead = ahead(leads, literal);
    aheadOfGuarded = ahead(begin, literal);
    guard = begin.isEmpty() ? null : guard(begin, literal, regexes);
  }

  private static Guard guard(List<Engine.Lead> leads, String literal, Regex[] regexes) {
    List<Regex> asked = new ArrayList<>(leads.size());
    for (Engine.Lead lead : leads) {
      asked.add(regexes[lead.rule()]);
    }
    return new Guard(asked, literal);
  }

  private static Ahead ahead(List<Engine.Lead> leads, String literal) {
    List<Ahead.Tail> tails = new ArrayList<>(leads.size());
    for (Engine.Lead lead : leads) {
      tails.add(lead.tail());
    }
    return new Ahead(tails, literal);
  }
}
