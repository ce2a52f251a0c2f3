package io.outrider.redaction.scan;

import io.outrider.redaction.check.Bytes;
import io.outrider.redaction.check.Detections;
import io.outrider.redaction.check.Entropy;
import io.outrider.redaction.check.Marks;
import io.outrider.redaction.check.NationalId;
import io.outrider.redaction.check.Placeholders;
import io.outrider.redaction.check.Unended;
import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.json.Tape;
import io.outrider.redaction.match.Anchors;
import io.outrider.redaction.match.GramFilter;
import io.outrider.redaction.match.Guard;
import io.outrider.redaction.match.LiteralAutomaton;
import io.outrider.redaction.match.Regex;
import io.outrider.redaction.match.Runs;
import io.outrider.redaction.rule.Allowlist;
import io.outrider.redaction.rule.Rule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The working memory of one thread that searches. Reusable, not thread-safe.
public final class Search {
  /// Steps allowed per byte of text before a rule that keeps failing gives up looking inside what
  /// it failed on.
  private static final int PATIENCE = 4;

  /// Bytes per step, and at least so many steps, after which a rule is looked for in all of the
  /// rest at once. Honest texts have each rule take a step in a few hundred bytes at most.
  private static final int FLOOD = 8;

  private static final int FLOOD_BASE = 8_192;

  /// Instructions of a search for groups that cost as much as one step of an automaton.
  private static final int STEPS_OF_GROUPS = 2;

  /// Matches that may be longer than this are worth a trail: an array as long as the text.
  private static final int LONG_MATCH = 1_024;

  /// Steps allowed per byte of text in all. Honest texts need fewer than 10; fuzzed ones stay below
  /// 300.
  private static final long BUDGET = 4_000;

  private static final long BASE_BUDGET = 4_000_000;

  /// Bytes after a match that may make a difference to it.
  private static final int AHEAD = 2;

  /// As far back as a rule without any literal makes one wait.
  private static final int LONGEST_WITHOUT_LITERAL = 512;

  /// Encodings around one another that are looked through: base 64 in percent encoding in base 64.
  private static final int MAX_DEPTH = 3;

  /// Steps of one search for where the secrets of what has begun begin. After that, matches are
  /// held back from their start.
  private static final int UNFINISHED_BUDGET = 1 << 14;

  /// End of a match that more text could undo or make another one.
  private static final int UNDECIDED = Integer.MAX_VALUE;

  private static final Begun NOTHING = new Begun();

  /// From here on a byte begins a character of several bytes in UTF-8. No letter of ASCII comes
  /// after one; where one does, the text is none, and takes it for a letter.
  private static final int MULTIBYTE = 0xc0;

  private static final boolean[] WORD = new boolean[256];

  static {
    for (int b = 0; b < WORD.length; b++) {
      WORD[b] = Bytes.isWord((byte) b);
    }
  }

  private final int depth;
  private @Nullable Encoded encoded;

  /// Where the last text with percent signs ended.
  private int percentEnd;

  private final Regex.Scratch scratch = new Regex.Scratch();
  private final Entropy entropy = new Entropy();
  private final Runs runs = new Runs();
  private final Marks marks = new Marks();

  /// The rule whose code is running.
  private int codedRule;

  /// Kept, so that a search allocates nothing.
  private final Detections.Sink codedSink = (start, stop) -> placeCoded(codedRule, start, stop);

  private final NationalId.Sink nationalIdSink =
      (id, start, stop) -> placeCoded(engine().nationalIdRules[id], start, stop);

  private final GramFilter.Hits found = new GramFilter.Hits();
  private final LiteralAutomaton.Hits hits = new LiteralAutomaton.Hits();

  /// Per rule where its last match ended, and the steps it has cost.
  private int[] done = new int[0];

  private int[] spent = new int[0];

  /// Up to where a flooded rule was looked for at once.
  private int[] asked = new int[0];

  /// Where no match begins before, after that look.
  private int[] barren = new int[0];

  private int[] touched = new int[64];
  private int touchedSize;
  private long work;

  /// Steps that guards have taken.
  private long guardWork;

  /// Of rules that a flood has made expensive.
  private final Map<Integer, Regex.Trail> trails = new HashMap<>();

  private @Nullable Engine engine;
  private @Nullable JsonText json;
  private @Nullable Matches out;
  private byte[] text = new byte[0];
  private int from;
  private int to;

  /// For text of which more may come: where its new part begins, and the place from which on it is
  /// undecided.
  private boolean openEnded;

  private int floor;
  private int open;

  /// What is found in such a text and what has begun, by its match; the entry is the place at which
  /// the secret begins, or may at the earliest.
  private final Matches whole = new Matches();

  /// Where the match of the literals that are followed may begin, but for literals that had begun.
  private int earliest;

  private Begun begunBefore = NOTHING;

  /// Where a literal may have begun that goes on after the text.
  private int literalBegun;

  /// Steps left for finding out how far what has begun has come.
  private int patience;

  /// Set when the budget is gone; hits are then ignored until the scan ends.
  private boolean exhausted;

  public Search() {
    this(0);
  }

  /// @param depth how many encodings there are around what is searched
  Search(int depth) {
    this.depth = depth;
  }

  /// Steps that the last search took, guards included: what an adversary would drive up.
  long steps() {
    return work + guardWork;
  }

  int runOpen(Engine e, JsonText t, int begin, boolean ends, Begun begun, Matches matches)
      throws TooMuchWorkException {
    openEnded = !ends;
    open = t.length();
    patience = UNFINISHED_BUDGET;
    try {
      run(e, t, 0, begin, t.length(), begun, matches);
      begun.begin(e);
      if (ends) {
        return t.length();
      }
      keepWhole(matches);
      begun.addLiteral(literalBegun, t.length());
      for (int m = 0; m < whole.size(); m++) {
        if (whole.start(m) < open && whole.stop(m) > open) {
          begun.add(whole.rule(m), whole.start(m));
        }
      }
      return open;
    } finally {
      openEnded = false;
      whole.clear();
    }
  }

  /// Draws the undecided part back to the beginning of every secret that it would cut. What stands
  /// before a secret need not wait for it.
  private void keepWhole(Matches matches) {
    undoAfterUndecided();
    int before;
    do {
      before = open;
      // From the end: one pass goes through a chain of them.
      for (int m = whole.size() - 1; m >= 0; m--) {
        if (whole.stop(m) > open) {
          open(whole.entry(m));
        }
      }
      for (int m = matches.size() - 1; m >= 0; m--) {
        if (matches.stop(m) > open) {
          open(matches.start(m));
        }
      }
    } while (open < before);
  }

  /// A match is not the one that its rule has there if an earlier candidate becomes one, so it is
  /// as undecided as that.
  private void undoAfterUndecided() {
    Map<Integer, Integer> first = new HashMap<>();
    for (int m = 0; m < whole.size(); m++) {
      if (whole.stop(m) == UNDECIDED) {
        first.merge(whole.rule(m), whole.start(m), Math::min);
      }
    }
    int size = first.isEmpty() ? 0 : whole.size();
    for (int m = 0; m < size; m++) {
      Integer start = whole.stop(m) == UNDECIDED ? null : first.get(whole.rule(m));
      if (start != null && start <= whole.start(m)) {
        whole.add(whole.rule(m), whole.entry(m), whole.start(m), UNDECIDED);
      }
    }
  }

  void run(Engine e, JsonText t, int begin, int end, Matches matches) throws TooMuchWorkException {
    run(e, t, begin, begin, end, NOTHING, matches);
  }

  private void run(
      Engine e, JsonText t, int begin, int first, int end, Begun begun, Matches matches)
      throws TooMuchWorkException {
    floor = first;
    // Other rules than those that what has gone was searched by know nothing of it.
    earliest = begun.isOfOther(e) ? begin : first;
    begunBefore = begun;
    engine = e;
    json = t;
    out = matches;
    text = t.text();
    from = begin;
    to = end;
    if (!trails.isEmpty()) {
      trails.clear();
    }
    percentEnd = begin;
    work = 0;
    guardWork = 0;
    exhausted = false;
    if (done.length < e.rules.size()) {
      done = new int[e.rules.size()];
      spent = new int[e.rules.size()];
      asked = new int[e.rules.size()];
      barren = new int[e.rules.size()];
      touchedSize = 0;
    }
    for (int i = 0; i < touchedSize; i++) {
      done[touched[i]] = 0;
      spent[touched[i]] = 0;
      asked[touched[i]] = 0;
      barren[touched[i]] = 0;
    }
    touchedSize = 0;
    if (openEnded || first > begin) {
      for (int i = 0; i < begun.size() && earliest == first; i++) {
        if (begun.start(i) >= done[begun.rule(i)]) {
          candidate(begun.rule(i), begun.start(i));
        }
      }
      walk(e.all());
    } else {
      skim(e);
    }
    for (int rule : e.everywhere) {
      everywhere(rule, Math.max(floor, done[rule]), to);
    }
    if (openEnded) {
      leaveOpen(e);
    }
    if (e.hasCode()) {
      coded(e);
    }
    if (depth < MAX_DEPTH && !e.rules.isEmpty() && end - begin >= Encoded.MIN_RUN) {
      if (openEnded || first > begin) {
        open(encoded().runs(e, t, first, end, openEnded, first > begin, matches));
      } else if (runs.size() > 0) {
        encoded().runs(e, t, runs, end, matches);
      }
    }
    engine = null;
    json = null;
    out = null;
    if (exhausted) {
      throw new TooMuchWorkException("the text costs more than " + BUDGET + " steps per byte");
    }
  }

  /// Follows the literals of a text that is whole. Most rules are asked only near a long run.
  private void skim(Engine e) throws TooMuchWorkException {
    runs.find(text, from, to);
    e.keywordFilter.scan(text, from, to, found);
    int run = 0;
    for (int i = 0; i < found.size(); i++) {
      int end = found.end(i);
      while (run < runs.size() && runs.stop(run) < end) {
        run++;
      }
      keyword(e.keywords[found.literal(i)], end, e.keywordFilter.length(found.literal(i)), run);
    }
    prefixes(e.prefixes);
    if (depth < MAX_DEPTH && !e.rules.isEmpty()) {
      for (int i = 0; i < runs.percents(); i++) {
        percent(runs.percent(i));
      }
    }
    if (e.others != null) {
      walk(e.others);
    }
  }

  /// Follows one literal.
  ///
  /// @param run the number of the first run that ends after it
  private void keyword(Keyword keyword, int end, int length, int run) throws TooMuchWorkException {
    int at = end - length;
    if (keyword.nearRuns.length > 0 && isRunNear(run, at, keyword.toRun)) {
      for (Engine.Lead lead : keyword.nearRuns) {
        if (isRunNear(run, at, lead.toRun())) {
          follow(lead, end);
        }
      }
    }
    Guard guard = keyword.guard;
    if (guard != null && keyword.aheadOfGuarded.allows(text, end, to)) {
      boolean flood = guardWork > flood();
      int sure = flood ? at : guard.mayMatchAt(text, from, at, to);
      if (sure >= 0) {
        for (Engine.Lead lead : keyword.guarded) {
          if (lead.mayGoOn(text, end, to)) {
            follow(lead, end);
          }
        }
      }
      if (!flood) {
        guardWork += (sure < 0 ? -1 - sure : sure) - at;
      }
    }
    for (Engine.Lead lead : keyword.others) {
      if (lead.mayGoOn(text, end, to)) {
        follow(lead, end);
      }
    }
  }

  /// Whether a long run begins at most so far from a place, of those from a number on.
  private boolean isRunNear(int first, int at, int distance) {
    int run = first;
    while (run < runs.size() && runs.stop(run) - at < Runs.LEAST) {
      run++;
    }
    return run < runs.size() && runs.start(run) - at <= distance;
  }

  /// Follows the literals that stand at long runs.
  private void prefixes(Prefixes prefixes) throws TooMuchWorkException {
    int at = from;
    for (int run = 0; run < runs.size(); run++) {
      int start = runs.start(run);
      int stop = runs.stop(run);
      at = Math.max(at, prefixes.first(start, stop));
      boolean inWord = at > from && isWord(text[at - 1]);
      int last = Math.min(prefixes.limit(start, stop), to - 1);
      for (; at < last; at++) {
        int letters = Prefixes.letters(text, at);
        boolean word = WORD[text[at] & 0xff];
        if (prefixes.mayBegin(letters) || !(inWord & word) && prefixes.mayBeginAtEdge(letters)) {
          for (Engine.Lead lead : prefixes.leads(letters)) {
            if (lead.isAt(text, at, to)) {
              follow(lead, at + lead.length());
            }
          }
        }
        inWord = word;
      }
    }
  }

  /// Follows the literals that an automaton finds, in order.
  private void walk(Engine.Literals literals) throws TooMuchWorkException {
    literals.automaton.scan(text, from, to, hits);
    for (int part = 0; part < LiteralAutomaton.Hits.PARTS; part++) {
      for (int i = 0; i < hits.size(part); i++) {
        int end = hits.end(part, i);
        for (Engine.Lead lead : literals.leads[hits.state(part, i)]) {
          follow(lead, end);
        }
      }
    }
  }

  /// Looks into the text around a percent sign.
  private void percent(int sign) throws TooMuchWorkException {
    if (sign + 1 < to
        && sign + 2 > percentEnd
        && Engine.PERCENT_DIGITS.indexOf(text[sign + 1]) >= 0) {
      percentEnd = encoded().percent(engine(), json(), sign, from, to, matches());
      if (percentEnd == to) {
        open(encoded().begin());
      }
    }
  }

  /// Looks where a literal leads.
  private void follow(Engine.Lead lead, int end) throws TooMuchWorkException {
    int rule = lead.rule();
    if (rule == Engine.PERCENT) {
      if (depth < MAX_DEPTH) {
        percent(end - 2);
      }
      return;
    }
    if (lead.key()) {
      key(rule, end - 2);
      return;
    }
    if (lead.window()) {
      int start = Math.max(floor, Math.max(end - lead.max() - Engine.WINDOW, done[rule]));
      if (end + Engine.WINDOW > to) {
        open(start);
      }
      everywhere(rule, start, Math.min(to, end + Engine.WINDOW));
      return;
    }
    int last = end - lead.min();
    if (last < done[rule] || (last < earliest && !begunBefore.hasLiteral(last, end))) {
      return;
    }
    if (lead.max() == lead.min()) {
      if (atEdge(lead.edge(), last)) {
        candidate(rule, last, lead.entry());
      }
      return;
    }
    int first = last;
    int limit = Math.max(Math.max(earliest, done[rule]), end - lead.max());
    while (first > limit && lead.before().has(text[first - 1])) {
      first--;
    }
    for (int at = Math.max(first, earliest); at <= last; at++) {
      if (lead.starts().has(text[at]) && atEdge(lead.edge(), at) && candidate(rule, at)) {
        break;
      }
    }
  }

  private boolean atEdge(Anchors.Edge edge, int at) {
    if (at == from || edge == Anchors.Edge.ANY) {
      return true;
    }
    return edge == Anchors.Edge.LINE
        ? text[at - 1] == '\n'
        : !(isWord(text[at]) && (isWord(text[at - 1]) || (text[at - 1] & 0xff) >= MULTIBYTE));
  }

  private static boolean isWord(byte b) {
    return WORD[b & 0xff];
  }

  /// Looks for a match of a rule at one place; true when there was one that is accepted, or not
  /// worth to look further.
  private boolean candidate(int rule, int at) {
    return candidate(rule, at, null);
  }

  private boolean candidate(int rule, int at, Regex.@Nullable Entry entry) {
    if (exhausted) {
      return false;
    }
    Regex regex = engine().regexes[rule];
    int end = to;
    if (at < barren[rule]) {
      return false;
    }
    if (!openEnded && spent[rule] > flood() && at >= asked[rule]) {
      // A flood of beginnings: one run from here on tells whether any of them is worth a look.
      int found = regex.mayFind(text, from, at, to);
      asked[rule] = found < 0 ? to : found + 1;
      charge(rule, asked[rule] - at);
      if (found < 0) {
        done[rule] = to;
        return false;
      }
      // The match that ends first cannot begin earlier than its length allows, nor can others.
      barren[rule] = Math.max(0, found - 1 - Math.min(regex.maxBytes(), to));
      if (at < barren[rule]) {
        return false;
      }
    }
    int sure =
        spent[rule] <= PATIENCE * (long) (to - from) || regex.maxBytes() < LONG_MATCH
            ? entry == null
                ? regex.matchesAt(text, from, at, end)
                : regex.matchesAt(text, from, at, end, entry)
            : regex.matchesAt(text, from, at, end, trail(rule));
    if (sure < 0) {
      int stoppedAt = -1 - sure;
      charge(rule, stoppedAt - at);
      if (stoppedAt >= to) {
        undecided(rule, at);
      }
      // A rule that asks for the end of the text means the end of the string.
      if (stoppedAt >= to
          || text[stoppedAt] != '"'
          || !regex.asksForEnd()
          || !endsString(at, stoppedAt)
          || regex.matchesAt(text, from, at, stoppedAt) < 0) {
        return false;
      }
      end = stoppedAt;
    }
    int[] groups = regex.captureAt(text, from, at, end, scratch);
    charge(rule, scratch.steps() / STEPS_OF_GROUPS);
    if (scratch.touchedEnd()) {
      undecided(rule, at);
    }
    if (groups == null) {
      return false;
    }
    return matched(rule, groups);
  }

  /// Steps after which a rule is in a flood.
  private int flood() {
    return FLOOD_BASE + (to - from) / FLOOD;
  }

  private Regex.Trail trail(int rule) {
    return trails.computeIfAbsent(rule, r -> new Regex.Trail(from, to));
  }

  private boolean endsString(int at, int quote) {
    Tape tape = json().tape();
    int entry = tape.at(at);
    return tape.kind(entry) == Tape.STRING && tape.end(entry) == quote;
  }

  /// Looks for matches of a rule anywhere in a stretch of text.
  private void everywhere(int rule, int begin, int end) {
    Regex regex = engine().regexes[rule];
    int at = begin;
    while (at < end && !exhausted) {
      int sure = regex.find(text, from, at, end);
      charge(rule, (sure < 0 ? -1 - sure : sure) - at);
      if (sure < 0) {
        return;
      }
      int[] groups = regex.captureFirst(text, from, at, end, scratch);
      if (groups == null) {
        return;
      }
      matched(rule, groups);
      at = Math.max(groups[1], at + 1);
    }
  }

  private boolean matched(int rule, int[] groups) {
    Rule r = engine().rules.get(rule);
    int matchStart = groups[0];
    int matchEnd = groups[1];
    int start = matchStart;
    int stop = matchEnd;
    if (r.secretGroup() > 0) {
      start = groups[2 * r.secretGroup()];
      stop = groups[2 * r.secretGroup() + 1];
    } else {
      for (int g = 2; g < 2 * (engine().regexes[rule].groups() + 1); g += 2) {
        if (groups[g] >= 0 && groups[g + 1] > groups[g]) {
          start = groups[g];
          stop = groups[g + 1];
          break;
        }
      }
    }
    charge(rule, 8 * (matchEnd - matchStart));
    if (openEnded && matchEnd + AHEAD > to - reach(r, matchEnd)) {
      whole.add(rule, start < 0 ? matchStart : start, matchStart, UNDECIDED);
    }
    boolean placed = !r.settings().within() || inOneString(matchStart, start);
    if (start >= 0
        && stop > start
        && placed
        && accepts(rule, r, matchStart, matchEnd, start, stop)) {
      place(rule, matchStart, start, stop, r.settings().extend());
      done[rule] = Math.max(done[rule], matchEnd);
      if (openEnded) {
        whole.add(rule, start, matchStart, Math.max(stop, matchEnd));
      }
      return true;
    }
    if (spent[rule] > FLOOD_BASE + PATIENCE * (long) (to - from)) {
      // A flood of near misses: from here on do as other tools do and go on after the miss. A short
      // text with one long miss is none.
      done[rule] = Math.max(done[rule], matchEnd);
      return true;
    }
    return false;
  }

  private boolean inOneString(int matchStart, int start) {
    Tape tape = json().tape();
    int entry = tape.at(start);
    return tape.kind(entry) == Tape.STRING && tape.start(entry) <= matchStart;
  }

  private boolean accepts(int rule, Rule r, int matchStart, int matchEnd, int start, int stop) {
    if (r.entropy() > 0 && entropy.of(text, start, stop) <= r.entropy()) {
      return false;
    }
    if (insideMask(start, stop) || !engine().checks[rule].accepts(text, from, to, start, stop)) {
      return false;
    }
    for (Allowlist list : r.allowlists()) {
      if (list.allows(text, from, to, matchStart, matchEnd, start, stop)) {
        return false;
      }
    }
    return true;
  }

  /// Whether the bytes are part of a mask that an earlier pass wrote.
  private boolean insideMask(int start, int stop) {
    int open = start;
    int reach = Math.max(from, start - 90);
    while (open > reach && text[open] != '[') {
      open--;
    }
    if (text[open] != '[') {
      return false;
    }
    int close = open;
    int limit = Math.min(to, open + 96);
    while (close < limit && text[close] != ']') {
      close++;
    }
    return close < limit && stop <= close + 1 && Placeholders.isMask(text, open, close + 1);
  }

  /// Cuts what was found into the strings it lies in. A secret that spans several, such as a
  /// private key given as an array of lines, is found in each of them.
  private void place(int rule, int matchStart, int start, int stop, boolean extend) {
    Tape tape = json().tape();
    for (int entry = tape.at(start); entry < tape.size() && tape.start(entry) < stop; entry++) {
      byte kind = tape.kind(entry);
      if (kind != Tape.STRING && kind != Tape.KEY) {
        continue;
      }
      int begin = Math.max(start, tape.start(entry));
      int limit = Math.min(to, tape.end(entry));
      int end = Math.min(stop, limit);
      if (begin >= end
          || (kind == Tape.KEY && (start < tape.start(entry) || stop > tape.end(entry)))) {
        continue;
      }
      if (extend && end == stop) {
        end = grown(begin, end, limit);
        if (openEnded && end + AHEAD > to) {
          whole.add(rule, start, matchStart, UNDECIDED);
        }
      }
      matches().add(engine().first + rule, entry, begin, end);
    }
  }

  /// The end of the run of token characters that a match ends in: a rule without a right edge would
  /// leave the rest of a longer secret behind.
  private int grown(int start, int stop, int limit) {
    if (!Bytes.isToken(text[stop - 1])) {
      return stop;
    }
    int end = stop;
    while (end < limit) {
      byte b = text[end];
      boolean joins = b == '.' || b == '~' || b == '+' || b == '/' || b == '=';
      if (Bytes.isToken(b)
          || (joins
              && end > stop
              && end + 1 < limit
              && Bytes.isToken(text[end + 1])
              && b != '/'
              && b != '=')
          || (b == '.' && end + 1 < limit && Bytes.isToken(text[end + 1]))) {
        end++;
      } else {
        break;
      }
    }
    return end;
  }

  /// Looks at the member whose name ends at a quote, or the pair of members `name` and `value`.
  private void key(int rule, int quote) {
    Tape tape = json().tape();
    int entry = tape.at(quote - 1);
    if (tape.end(entry) != quote) {
      return;
    }
    if (tape.kind(entry) == Tape.KEY) {
      if (engine().keys[rule].matches(text, tape.start(entry), tape.end(entry))) {
        secretValue(rule, entry + 1);
      }
    } else if (tape.kind(entry) == Tape.STRING
        && tape.isMember(entry)
        && Members.isNaming(tape, text, entry - 1)
        && engine().keys[rule].matches(text, tape.start(entry), tape.end(entry))) {
      int value = Members.valueIn(tape, text, tape.up(entry));
      if (value >= 0) {
        secretValue(rule, value);
      }
    }
  }

  private void secretValue(int rule, int entry) {
    Tape tape = json().tape();
    if (entry >= tape.size()) {
      return;
    }
    switch (tape.kind(entry)) {
      case Tape.STRING -> secretString(rule, entry);
      case Tape.NUMBER -> {
        Rule r = engine().rules.get(rule);
        if (r.settings().numbers() && tape.end(entry) - tape.start(entry) >= 3) {
          matches().add(engine().first + rule, entry, tape.start(entry), tape.end(entry));
        }
      }
      case Tape.ARRAY -> {
        for (int i = entry + 1; i < tape.end(entry); i++) {
          if (tape.up(i) == entry && tape.kind(i) == Tape.STRING) {
            secretString(rule, i);
          }
        }
      }
      // As tools write that tell a type or a date beside it.
      case Tape.OBJECT -> {
        int value = Members.valueIn(tape, text, entry);
        if (value >= 0 && tape.kind(value) == Tape.STRING) {
          secretString(rule, value);
        }
      }
      default -> {}
    }
  }

  private void secretString(int rule, int entry) {
    Tape tape = json().tape();
    int start = tape.start(entry);
    int stop = tape.end(entry);
    if (stop > start
        && stop <= to
        && accepts(rule, engine().rules.get(rule), start, stop, start, stop)) {
      matches().add(engine().first + rule, entry, start, stop);
    }
  }

  private void coded(Engine e) {
    marks.find(text, from, floor, to);
    if (marks.isEmpty()) {
      return;
    }
    for (int rule : e.coded) {
      codedRule = rule;
      switch (e.rules.get(rule).kind()) {
        case CARD -> Detections.cards(text, from, to, marks, codedSink);
        case IBAN -> Detections.ibans(text, from, to, marks, codedSink);
        case PHONE -> Detections.phones(text, from, to, marks, codedSink);
        case IP -> Detections.addresses(text, from, to, marks, codedSink);
        case EMAIL -> Detections.emails(text, from, to, marks, codedSink);
        case NATIONAL_ID, REGEX, KEY -> throw new IllegalStateException("not such code");
      }
    }
    if (e.nationalIds.length > 0) {
      NationalId.find(text, from, to, marks, e.nationalIds, nationalIdSink);
    }
  }

  /// Whether a rule takes what its code found.
  private boolean placeCoded(int rule, int start, int stop) {
    Tape tape = json().tape();
    int entry = tape.at(start);
    byte kind = tape.kind(entry);
    boolean whole = kind == Tape.NUMBER && tape.start(entry) == start && tape.end(entry) == stop;
    boolean inside = kind == Tape.STRING && stop <= tape.end(entry);
    boolean taken =
        (whole || inside) && accepts(rule, engine().rules.get(rule), start, stop, start, stop);
    if (taken) {
      matches().add(engine().first + rule, entry, start, stop);
    }
    return taken;
  }

  private void charge(int rule, int steps) {
    if (spent[rule] == 0 && done[rule] == 0) {
      if (touchedSize == touched.length) {
        touched = Arrays.copyOf(touched, 2 * touchedSize);
      }
      touched[touchedSize++] = rule;
    }
    spent[rule] += Math.max(1, steps);
    work += Math.max(1, steps);
    if (work > BASE_BUDGET + BUDGET * (to - from)) {
      exhausted = true;
    }
  }

  /// Says that more text could make a match at a place, or another one.
  private void undecided(int rule, int at) {
    if (!openEnded) {
      return;
    }
    Engine e = engine();
    int group = e.rules.get(rule).secretGroup();
    if (!e.checks[rule].mayAccept(text, at, to) && e.regexes[rule].beginsWithSecret(group)) {
      return;
    }
    int secret = at;
    if (patience > 0) {
      secret = e.regexes[rule].secretFrom(text, at, to, group, patience, scratch);
      patience -= scratch.unfinishedSteps();
    }
    if (secret >= 0) {
      whole.add(rule, secret, at, UNDECIDED);
      open(secret);
    }
  }

  /// Says that more text could make a difference from a place on.
  private void open(int at) {
    open = Math.min(open, Math.max(at, floor));
  }

  /// How far after a match its allow-lists look, unless the line ends before.
  private int reach(Rule r, int matchEnd) {
    int reach = 0;
    if (openEnded) {
      for (Allowlist list : r.allowlists()) {
        reach = Math.max(reach, list.reach());
      }
      for (int i = matchEnd; i < to && i < matchEnd + reach; i++) {
        if (text[i] == '\n') {
          return 0;
        }
      }
    }
    return reach;
  }

  /// Leaves open what may have begun at the end of the text without a literal to tell.
  private void leaveOpen(Engine e) {
    LiteralAutomaton automaton = e.all().automaton;
    int begun = automaton.begun(text, from, to);
    literalBegun = to - begun;
    open(to - automaton.begunMarked(text, from, to));
    open(to - e.windowReach);
    for (Engine.Lead lead : e.late) {
      int first = to;
      for (int literal = to - begun; literal <= to; literal++) {
        int limit = Math.max(floor, literal - (lead.max() - lead.length()));
        int at = literal;
        while (at > limit && lead.before().has(text[at - 1])) {
          at--;
        }
        first = Math.min(first, Math.max(floor, at));
      }
      Regex regex = e.regexes[lead.rule()];
      for (int at = first; at < Math.min(to, open); at++) {
        if (lead.starts().has(text[at])
            && atEdge(lead.edge(), at)
            && regex.matchesAt(text, from, at, to) == -1 - to) {
          undecided(lead.rule(), at);
        }
      }
    }
    for (int rule : e.everywhere) {
      open(to - Math.min(e.regexes[rule].maxBytes(), LONGEST_WITHOUT_LITERAL));
    }
    if (e.hasCode()) {
      open(Unended.from(text, floor, to));
    }
  }

  private Encoded encoded() {
    Encoded known = encoded;
    if (known == null) {
      known = new Encoded(depth + 1);
      encoded = known;
    }
    return known;
  }

  /// Gives back what one large message needed.
  public void shrink() {
    if (encoded != null) {
      encoded.shrink();
    }
  }

  private Engine engine() {
    if (engine == null) {
      throw new IllegalStateException("no search is running");
    }
    return engine;
  }

  private JsonText json() {
    if (json == null) {
      throw new IllegalStateException("no search is running");
    }
    return json;
  }

  private Matches matches() {
    if (out == null) {
      throw new IllegalStateException("no search is running");
    }
    return out;
  }
}
