package io.outrider.redaction.scan;

import io.outrider.redaction.check.Check;
import io.outrider.redaction.check.Checks;
import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.match.Anchors;
import io.outrider.redaction.match.ByteSet;
import io.outrider.redaction.match.LiteralAutomaton;
import io.outrider.redaction.match.Regex;
import io.outrider.redaction.rule.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Rules compiled together. Immutable and thread-safe; a [Search] does the work for one thread.
public final class Engine {
  /// How far from a keyword a rule is looked for when no literal tells where its matches start.
  static final int WINDOW = 160;

  /// Number of the lead that is none of a rule: here begins percent encoding.
  static final int PERCENT = -1;

  private static final List<String> PERCENT_SIGNS =
      List.of("%0", "%2", "%3", "%4", "%5", "%6", "%7");

  final List<Rule> rules;

  /// What the first rule is called in [Matches].
  final int first;

  final LiteralAutomaton literals;

  /// Per state of the automaton the places to look for rules at.
  final Lead[][] leads;

  /// Per rule what is matched, with what may stand before a keyword left out; null for a rule
  /// without expression.
  final Regex[] regexes;

  final Check[] checks;
  final SecretKeys[] keys;

  /// One lead of each rule whose match begins before the literal.
  final Lead[] late;

  /// Rules with neither a literal nor a keyword: the whole text is searched.
  final int[] everywhere;

  /// Rules that are code.
  final int[] coded;

  /// What a literal tells about one rule: a match starts from `min` to `max` bytes before the end
  /// of the literal.
  ///
  /// @param key whether the rule goes by the name of a member, which ends here
  /// @param window whether the match can be anywhere near
  /// @param edge what must stand before a match
  /// @param before the bytes between the start of a match and the literal
  /// @param starts the bytes a match may begin with
  /// @param entry where the expression goes on after the literal, if it begins with it
  record Lead(
      int rule,
      int length,
      int min,
      int max,
      boolean key,
      boolean window,
      Anchors.Edge edge,
      ByteSet before,
      ByteSet starts,
      Regex.@Nullable Entry entry) {
    static Lead key(int rule, String literal) {
      return new Lead(
          rule,
          literal.length(),
          0,
          0,
          true,
          false,
          Anchors.Edge.ANY,
          ByteSet.NONE,
          ByteSet.NONE,
          null);
    }

    static Lead window(int rule, String literal) {
      return new Lead(
          rule,
          literal.length(),
          0,
          0,
          false,
          true,
          Anchors.Edge.ANY,
          ByteSet.NONE,
          ByteSet.NONE,
          null);
    }

    static Lead anchor(int rule, String literal, Anchors a) {
      int n = literal.length();
      return new Lead(
          rule,
          n,
          a.minOffset() + n,
          a.maxOffset() + n,
          false,
          false,
          a.edge(),
          a.before(),
          a.first(),
          a.maxOffset() == 0 ? new Regex.Entry(literal) : null);
    }
  }

  /// @param first the number of the first rule, so that the matches of several engines can share a
  ///   list
  public Engine(List<Rule> rules, int first) {
    this.first = first;
    this.rules = List.copyOf(rules);
    int n = rules.size();
    regexes = new Regex[n];
    checks = new Check[n];
    keys = new SecretKeys[n];
    Map<String, List<Lead>> byLiteral = new LinkedHashMap<>();
    List<Integer> unanchored = new ArrayList<>();
    List<Integer> byCode = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      Rule rule = rules.get(i);
      checks[i] = Checks.named(rule.settings().validate());
      switch (rule.kind()) {
        case KEY -> {
          keys[i] = new SecretKeys(rule);
          for (String ending : keys[i].endings()) {
            add(byLiteral, ending, Lead.key(i, ending));
          }
        }
        case REGEX -> {
          regexes[i] = rule.regex().orElseThrow().withoutOptionalStart();
          if (!lead(i, regexes[i].anchors(), rule.keywords(), byLiteral)) {
            unanchored.add(i);
          }
        }
        case CARD, IBAN, PHONE, IP -> byCode.add(i);
      }
    }
    if (!rules.isEmpty()) {
      for (String sign : PERCENT_SIGNS) {
        add(byLiteral, sign, Lead.window(PERCENT, sign));
      }
    }
    literals = new LiteralAutomaton(List.copyOf(byLiteral.keySet()));
    List<List<Lead>> perLiteral = List.copyOf(byLiteral.values());
    leads = new Lead[literals.endingStates()][];
    for (int state = 0; state < leads.length; state++) {
      List<Lead> all = new ArrayList<>();
      for (int literal : literals.endings(state)) {
        all.addAll(perLiteral.get(literal));
      }
      leads[state] = all.toArray(new Lead[0]);
    }
    Map<Integer, Lead> begunBefore = new LinkedHashMap<>();
    for (List<Lead> some : perLiteral) {
      for (Lead lead : some) {
        if (!lead.key() && !lead.window() && lead.max() > lead.length()) {
          begunBefore.put(lead.rule(), lead);
        }
      }
    }
    late = begunBefore.values().toArray(new Lead[0]);
    everywhere = unanchored.stream().mapToInt(Integer::intValue).toArray();
    coded = byCode.stream().mapToInt(Integer::intValue).toArray();
  }

  private static boolean lead(
      int rule, Anchors anchors, List<String> keywords, Map<String, List<Lead>> byLiteral) {
    if (!anchors.isEmpty()) {
      for (String literal : anchors.literals()) {
        add(byLiteral, literal, Lead.anchor(rule, literal, anchors));
      }
      return true;
    }
    for (String word : keywords) {
      add(byLiteral, word, Lead.window(rule, word));
    }
    return !keywords.isEmpty();
  }

  private static void add(Map<String, List<Lead>> byLiteral, String literal, Lead lead) {
    List<Lead> leads = byLiteral.get(literal);
    if (leads == null) {
      leads = new ArrayList<>(2);
      byLiteral.put(literal, leads);
    }
    leads.add(lead);
  }

  /// Searches `[from, to)` of a decoded text and adds what it finds.
  public void search(JsonText text, int from, int to, Search search, Matches out)
      throws TooMuchWorkException {
    search.run(this, text, from, to, out);
  }

  /// Searches text of which more may come. What begins before `floor` was dealt with and is only
  /// there to be looked back at.
  ///
  /// @param ends whether no more comes
  /// @return the place from which on more text could make a difference; the matches before it are
  ///   final
  public int searchBeginning(JsonText text, int floor, boolean ends, Search search, Matches out)
      throws TooMuchWorkException {
    return search.runOpen(this, text, floor, ends, out);
  }
}
