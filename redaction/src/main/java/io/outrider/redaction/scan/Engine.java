package io.outrider.redaction.scan;

import io.outrider.redaction.check.Bytes;
import io.outrider.redaction.check.Check;
import io.outrider.redaction.check.Checks;
import io.outrider.redaction.check.NationalId;
import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.match.Ahead;
import io.outrider.redaction.match.Anchors;
import io.outrider.redaction.match.ByteSet;
import io.outrider.redaction.match.GramFilter;
import io.outrider.redaction.match.Literal;
import io.outrider.redaction.match.LiteralAutomaton;
import io.outrider.redaction.match.Regex;
import io.outrider.redaction.rule.Rule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Rules compiled together. Immutable and thread-safe; a [Search] does the work for one thread.
public final class Engine {
  /// How far from a keyword a rule is looked for when no literal tells where its matches start.
  static final int WINDOW = 160;

  /// Number of the lead that is none of a rule: here begins percent encoding.
  static final int PERCENT = -1;

  /// What may follow a percent sign: the characters of ASCII that are written so.
  static final String PERCENT_DIGITS = "0234567";

  /// Literals further than this from a long run are not looked for around runs alone.
  static final int NEAR = 8;

  final List<Rule> rules;

  /// What the first rule is called in [Matches].
  final int first;

  /// Finds the literals of [GramFilter#LEAST] letters and more.
  final GramFilter keywordFilter;

  /// Those literals.
  final Keyword[] keywords;

  /// The literals that only count at a long run.
  final Prefixes prefixes;

  /// All other literals. A text is walked for them only if there are any.
  final @Nullable Literals others;

  /// All literals, for texts that come in pieces; made when the first does.
  private final Map<String, List<Lead>> byLiteral;

  private volatile @Nullable Literals all;

  /// Per rule what is matched, with what may stand before a keyword left out; null for a rule
  /// without expression.
  final Regex[] regexes;

  final Check[] checks;
  final SecretKeys[] keys;

  /// National numbers that are looked for, and for which rule each.
  final NationalId[] nationalIds;

  final int[] nationalIdRules;

  /// One lead of each rule whose match begins before the literal.
  final Lead[] late;

  /// How far before the end of a keyword a match may begin, of the rules that are looked for around
  /// their keywords.
  final int windowReach;

  /// Rules with neither a literal nor a keyword: the whole text is searched.
  final int[] everywhere;

  /// Rules that are code.
  final int[] coded;

  /// How literals are found: only at long runs, by their grams, or by an automaton that can take
  /// all of them.
  enum Way {
    AT_RUNS,
    FILTER,
    WALK
  }

  /// What a literal tells about one rule: a match starts from `min` to `max` bytes before the end
  /// of the literal. A window begins so far before the end of any keyword of its rule as it must
  /// for the longest, so that windows begin in the order in which the keywords end.
  ///
  /// @param key whether the rule goes by the name of a member, whose quote is the last but one byte
  ///   of the literal
  /// @param window whether the match can be anywhere near
  /// @param edge what must stand before a match
  /// @param before the bytes between the start of a match and the literal
  /// @param starts the bytes a match may begin with
  /// @param entry where the expression goes on after the literal, if it begins with it
  /// @param toRun most bytes from the start of the literal to a long run, -1 when there need be
  ///   none
  /// @param runLength fewest bytes of that run
  /// @param text the literal, to be looked for at a place; null where that is never asked
  /// @param tail the rest of a match, from the literal on
  /// @param ahead what may come after the literal; null where anything may
  record Lead(
      int rule,
      String literal,
      int min,
      int max,
      boolean key,
      boolean window,
      Anchors.Edge edge,
      ByteSet before,
      ByteSet starts,
      Regex.@Nullable Entry entry,
      int toRun,
      int runLength,
      @Nullable Literal text,
      Ahead.Tail tail,
      @Nullable Ahead ahead) {
    static Lead key(int rule, String literal) {
      return new Lead(
          rule,
          literal,
          0,
          0,
          true,
          false,
          Anchors.Edge.ANY,
          ByteSet.NONE,
          ByteSet.NONE,
          null,
          -1,
          0,
          null,
          Ahead.Tail.literal(literal),
          null);
    }

    static Lead window(int rule, String literal, int longest) {
      return new Lead(
          rule,
          literal,
          longest,
          longest,
          false,
          true,
          Anchors.Edge.ANY,
          ByteSet.NONE,
          ByteSet.NONE,
          null,
          -1,
          0,
          null,
          Ahead.Tail.literal(literal),
          null);
    }

    static Lead anchor(int rule, String literal, Anchors a) {
      int n = literal.length();
      return new Lead(
          rule,
          literal,
          a.minOffset() + n,
          a.maxOffset() + n,
          false,
          false,
          a.edge(),
          a.before(),
          a.first(),
          a.maxOffset() == 0 ? new Regex.Entry(literal) : null,
          a.toRun(),
          a.runLength(),
          null,
          a.tail(),
          new Ahead(List.of(a.tail()), literal));
    }

    /// Whether a match may go on where the literal ends.
    boolean mayGoOn(byte[] in, int end, int to) {
      return ahead == null || ahead.allows(in, end, to);
    }

    /// The same with its literal to be looked for at a place.
    Lead withText() {
      return new Lead(
          rule,
          literal,
          min,
          max,
          key,
          window,
          edge,
          before,
          starts,
          entry,
          toRun,
          runLength,
          new Literal(literal),
          tail,
          ahead);
    }

    /// Whether the literal stands at a place.
    boolean isAt(byte[] in, int at, int to) {
      return text != null && text.isAt(in, at, to);
    }

    int length() {
      return literal.length();
    }

    /// What stands before the literal, unless it begins the text.
    ByteSet beforeLiteral() {
      if (key || window) {
        return ByteSet.ALL;
      }
      ByteSet beforeMatch =
          switch (edge) {
            case ANY -> ByteSet.ALL;
            case WORD -> Bytes.isWord((byte) literal.charAt(0)) ? ByteSet.NOT_IN_WORD : ByteSet.ALL;
            case LINE -> ByteSet.NEWLINE;
          };
      return min > length() ? before : max > length() ? before.or(beforeMatch) : beforeMatch;
    }

    /// The cheapest way to find its literal.
    Way way() {
      // Before a run there is prose, and the filter is better at that.
      boolean beforeRuns = toRun > 1 && length() >= GramFilter.LEAST;
      if (length() >= 2 && length() <= Literal.MOST && toRun >= 0 && toRun <= NEAR && !beforeRuns) {
        return Way.AT_RUNS;
      }
      return length() >= GramFilter.LEAST && length() <= Literal.MOST ? Way.FILTER : Way.WALK;
    }
  }

  /// An automaton, and per state the places to look for rules at.
  static final class Literals {
    final LiteralAutomaton automaton;
    final Lead[][] leads;

    Literals(Map<String, List<Lead>> byLiteral) {
      this(byLiteral, new boolean[byLiteral.size()]);
    }

    /// @param marked literals that may begin with a secret
    Literals(Map<String, List<Lead>> byLiteral, boolean[] marked) {
      automaton = new LiteralAutomaton(List.copyOf(byLiteral.keySet()), marked);
      List<List<Lead>> perLiteral = List.copyOf(byLiteral.values());
      leads = new Lead[automaton.endingStates()][];
      for (int state = 0; state < leads.length; state++) {
        List<Lead> here = new ArrayList<>();
        for (int literal : automaton.endings(state)) {
          here.addAll(perLiteral.get(literal));
        }
        leads[state] = here.toArray(new Lead[0]);
      }
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
    List<NationalId> ids = new ArrayList<>();
    List<Integer> idRules = new ArrayList<>();
    byLiteral = new LinkedHashMap<>();
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
        case CARD, IBAN, PHONE, IP, EMAIL -> byCode.add(i);
        case NATIONAL_ID -> {
          for (NationalId id : NationalId.named(rule.names())) {
            ids.add(id);
            idRules.add(i);
          }
        }
      }
    }
    List<Lead> atRuns = new ArrayList<>();
    Map<String, List<Lead>> inFilter = new LinkedHashMap<>();
    Map<String, List<Lead>> rest = new LinkedHashMap<>();
    Way[] ways = ways(byLiteral.values(), n);
    for (List<Lead> leads : byLiteral.values()) {
      for (Lead lead : leads) {
        switch (ways[lead.rule()]) {
          case AT_RUNS -> atRuns.add(lead.withText());
          case FILTER -> add(inFilter, lead.literal(), lead);
          case WALK -> add(rest, lead.literal(), lead);
        }
      }
    }
    prefixes = new Prefixes(atRuns);
    // Plain loops: all of this runs at every start, where the first use of each lambda costs.
    keywords = new Keyword[inFilter.size()];
    List<GramFilter.Sought> sought = new ArrayList<>(keywords.length);
    for (Map.Entry<String, List<Lead>> e : inFilter.entrySet()) {
      Keyword keyword = new Keyword(e.getKey(), e.getValue(), regexes);
      keywords[sought.size()] = keyword;
      sought.add(new GramFilter.Sought(e.getKey(), before(e.getValue()), keyword.ahead));
    }
    keywordFilter = new GramFilter(sought);
    others = rest.isEmpty() ? null : new Literals(rest);
    Map<Integer, Lead> begunBefore = new LinkedHashMap<>();
    int reach = 0;
    for (List<Lead> some : byLiteral.values()) {
      for (Lead lead : some) {
        if (lead.window()) {
          reach = Math.max(reach, lead.max() + WINDOW);
        }
        if (!lead.key() && !lead.window() && lead.max() > lead.length()) {
          begunBefore.put(lead.rule(), lead);
        }
      }
    }
    windowReach = reach;
    late = begunBefore.values().toArray(new Lead[0]);
    everywhere = numbers(unanchored);
    nationalIds = ids.toArray(new NationalId[0]);
    nationalIdRules = numbers(idRules);
    coded = numbers(byCode);
  }

  private static int[] numbers(List<Integer> list) {
    int[] numbers = new int[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = list.get(i);
    }
    return numbers;
  }

  /// What stands before the literal of some leads.
  private static ByteSet before(List<Lead> leads) {
    ByteSet all = ByteSet.NONE;
    for (Lead lead : leads) {
      all = all.or(lead.beforeLiteral());
    }
    return all;
  }

  /// How each rule is found. All its literals go one way: a [Search] takes one way after the other,
  /// and what it remembers of a rule asks that its literals come in the order of the text.
  private static Way[] ways(Collection<List<Lead>> all, int rules) {
    Way[] ways = new Way[rules];
    Arrays.fill(ways, Way.WALK);
    boolean[] seen = new boolean[rules];
    for (List<Lead> leads : all) {
      for (Lead lead : leads) {
        int rule = lead.rule();
        ways[rule] = !seen[rule] || ways[rule] == lead.way() ? lead.way() : Way.WALK;
        seen[rule] = true;
      }
    }
    return ways;
  }

  /// All literals in one automaton, percent signs as well.
  Literals all() {
    Literals known = all;
    if (known == null) {
      Map<String, List<Lead>> every = new LinkedHashMap<>(byLiteral);
      for (int i = 0; i < PERCENT_DIGITS.length() && !rules.isEmpty(); i++) {
        String sign = "%" + PERCENT_DIGITS.charAt(i);
        List<Lead> leads = new ArrayList<>(every.getOrDefault(sign, List.of()));
        leads.add(Lead.window(PERCENT, sign, sign.length()));
        every.put(sign, leads);
      }
      boolean[] marked = new boolean[every.size()];
      int i = 0;
      for (List<Lead> leads : every.values()) {
        for (Lead lead : leads) {
          marked[i] |= mayBeginWithSecret(lead);
        }
        i++;
      }
      known = new Literals(every, marked);
      all = known;
    }
    return known;
  }

  /// Whether a part of its literal may belong to a secret. A text in pieces has no members.
  private boolean mayBeginWithSecret(Lead lead) {
    return !lead.key()
        && (lead.window()
            || lead.max() != lead.length()
            || regexes[lead.rule()].minBeforeSecret() < lead.length());
  }

  /// What is looked for, but for percent signs.
  Set<String> literals() {
    return Collections.unmodifiableSet(byLiteral.keySet());
  }

  /// Whether any rule is code.
  boolean hasCode() {
    return coded.length > 0 || nationalIds.length > 0;
  }

  private static boolean lead(
      int rule, Anchors anchors, List<String> keywords, Map<String, List<Lead>> byLiteral) {
    if (!anchors.isEmpty()) {
      for (String literal : anchors.literals()) {
        add(byLiteral, literal, Lead.anchor(rule, literal, anchors));
      }
      return true;
    }
    int longest = 0;
    for (String word : keywords) {
      longest = Math.max(longest, word.length());
    }
    for (String word : keywords) {
      add(byLiteral, word, Lead.window(rule, word, longest));
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
  /// @param begun what began before `floor` and is not decided; what is then so is in it afterwards
  /// @return the place from which on more text could make a difference to what is secret; the
  ///   matches before it are final
  public int searchBeginning(
      JsonText text, int floor, boolean ends, Begun begun, Search search, Matches out)
      throws TooMuchWorkException {
    return search.runOpen(this, text, floor, ends, begun, out);
  }
}
