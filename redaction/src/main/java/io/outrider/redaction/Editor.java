package io.outrider.redaction;

import io.outrider.redaction.check.Bytes;
import io.outrider.redaction.check.Checksums;
import io.outrider.redaction.check.Entropy;
import io.outrider.redaction.json.JsonText;
import io.outrider.redaction.json.Tape;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.scan.Matches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns matches into a new text: decides, merges, finds the same values elsewhere, and splices.
/// Used once.
final class Editor {
  /// Shorter secrets are not looked for elsewhere in the message: too many words would be hit.
  private static final int MIN_ELSEWHERE = Needles.LEAST;

  private final Workspace w;
  private final JsonText text;
  private final Tape tape;
  private final Treatment treatment;
  private final RuleOf rules;
  private final List<Rule> more;
  private final Map<Integer, Boolean> inScope = new HashMap<>();
  private boolean inName;

  /// Whether there was more than was looked at, so that what else there is is not known.
  private boolean cutShort;

  /// Finds a rule by its number.
  @FunctionalInterface
  interface RuleOf {
    Rule get(int number, List<Rule> more);
  }

  /// A stretch of one string (or a whole number) and what is to become of it.
  private record Span(Rule rule, Action action, int entry, int start, int stop) {}

  Editor(Workspace w, Treatment treatment, RuleOf rules, List<Rule> more) {
    this.w = w;
    this.text = w.text;
    this.tape = w.text.tape();
    this.treatment = treatment;
    this.rules = rules;
    this.more = more;
  }

  Redaction edit(byte[] raw, int offset, int length, Scope scope, Handling handling) {
    int cap = treatment.options().maxFindings();
    List<Span> spans = spans(scope, handling);
    return decided(spans, cap, raw, offset, length, handling);
  }

  /// Why each value was found.
  List<Explanation> explain(int offset, Scope scope, Handling handling) {
    List<Explanation> all = new ArrayList<>();
    for (Span s : spans(scope, handling)) {
      Rule rule = s.rule;
      all.add(
          new Explanation(
              finding(s),
              rule.description(),
              rule.origin().source(),
              rule.origin().line(),
              rule.keywords(),
              new Entropy().of(text.text(), s.start, s.stop),
              rule.entropy(),
              rule.settings().validate(),
              Checksums.verdict(text.text(), s.start, s.stop),
              text.rawStart(s.start) - offset,
              text.rawEnd(s.stop) - offset));
    }
    return all;
  }

  private List<Span> spans(Scope scope, Handling handling) {
    int cap = treatment.options().maxFindings();
    List<Span> spans = new ArrayList<>();
    Matches matches = w.matches;
    for (int i = 0; i < matches.size(); i++) {
      Rule rule = rules.get(matches.rule(i), more);
      Action action = action(rule, matches.entry(i), scope, handling);
      if (action != null) {
        spans.add(widened(rule, action, matches.entry(i), matches.start(i), matches.stop(i)));
      }
      if (spans.size() > 8 * cap) {
        cutShort = true;
        break;
      }
    }
    spans = merged(spans);
    if (spans.size() <= cap) {
      addElsewhere(spans, scope, handling);
      spans = merged(spans);
    }
    hideSecretNames();
    return spans;
  }

  /// Pointers are evidence and must not carry what they are evidence of.
  private void hideSecretNames() {
    Matches matches = w.matches;
    for (int i = 0; i < matches.size(); i++) {
      if (tape.kind(matches.entry(i)) == Tape.KEY) {
        String rule = rules.get(matches.rule(i), more).id();
        w.view.hide(matches.entry(i), "[REDACTED:" + rule + "]");
      }
    }
  }

  private Redaction decided(
      List<Span> spans, int cap, byte[] raw, int offset, int length, Handling handling) {
    if (spans.isEmpty()) {
      return Redaction.CLEAN;
    }
    if (spans.size() > cap || cutShort) {
      return new Redaction.Blocked(
          Redaction.Reason.TOO_MANY_FINDINGS,
          findings(spans.subList(0, Math.min(cap, spans.size()))));
    }
    List<Finding> findings = findings(spans);
    if (inName) {
      return new Redaction.Blocked(Redaction.Reason.SECRET_IN_NAME, findings);
    }
    if (spans.stream().anyMatch(s -> s.action == Action.BLOCK)) {
      return new Redaction.Blocked(Redaction.Reason.RULE, findings);
    }
    boolean inKey =
        spans.stream().anyMatch(s -> tape.kind(s.entry) == Tape.KEY && s.action != Action.ALERT);
    if (inKey && treatment.options().secretInKey() == Action.BLOCK) {
      return new Redaction.Blocked(Redaction.Reason.SECRET_IN_KEY, findings);
    }
    byte[] edited = spliced(spans, raw, offset, length, handling);
    return edited == raw ? new Redaction.Clean(findings) : new Redaction.Redacted(edited, findings);
  }

  /// The stretch from `from` to `to` of plain text, with what was found in it masked whatever the
  /// action but [Action#ALERT].
  byte[] masked(byte[] raw, int from, int to, Handling handling) {
    List<Span> spans = new ArrayList<>();
    Matches matches = w.matches;
    for (int i = 0; i < matches.size(); i++) {
      int start = Math.max(from, matches.start(i));
      int stop = Math.min(to, matches.stop(i));
      Rule rule = rules.get(matches.rule(i), more);
      Action action = action(rule, matches.entry(i), handling);
      if (start < stop && action != null && action != Action.ALERT) {
        Action edit = action == Action.TOKENISE ? action : Action.MASK;
        spans.add(widened(rule, edit, matches.entry(i), start, stop));
      }
    }
    return spliced(merged(spans), raw, from, to - from, handling);
  }

  /// Whether what [#masked] masks reaches up to a place.
  boolean masksTo(int end, Handling handling) {
    Matches matches = w.matches;
    for (int i = 0; i < matches.size(); i++) {
      if (matches.stop(i) >= end) {
        Action action = action(rules.get(matches.rule(i), more), matches.entry(i), handling);
        if (action != null && action != Action.ALERT) {
          return true;
        }
      }
    }
    return false;
  }

  private @Nullable Action action(Rule rule, int entry, Handling handling) {
    Action usual = treatment.action(rule);
    return handling == Handling.USUAL
        ? usual
        : handling.action(
            rule.id(), rule.settings().group(), usual, () -> w.view.at(entry).pointer());
  }

  /// The same where it also counts whether the string may be edited.
  private @Nullable Action action(Rule rule, int entry, Scope scope, Handling handling) {
    Action action = action(rule, entry, handling);
    if (action == null || isInScope(entry, scope)) {
      return action;
    }
    return switch (scope.otherwise(w.view.at(entry))) {
      case IGNORE -> null;
      case ALERT -> Action.ALERT;
      case BLOCK -> {
        inName |= action != Action.ALERT;
        yield action == Action.ALERT ? Action.ALERT : Action.BLOCK;
      }
    };
  }

  private boolean isInScope(int entry, Scope scope) {
    if (scope == Scope.Everything.INSTANCE) {
      return true;
    }
    int outer = StringView.outermost(tape, entry);
    if (tape.kind(outer) == Tape.KEY || tape.kind(outer) == Tape.NUMBER) {
      return true;
    }
    return inScope.computeIfAbsent(outer, e -> scope.includes(w.view.at(e)));
  }

  /// Grows a span that would cut a character of several bytes.
  private Span widened(Rule rule, Action action, int entry, int start, int stop) {
    int from = start;
    int to = stop;
    while (from > tape.start(entry) && (text.text()[from] & 0xc0) == 0x80) {
      from--;
    }
    while (to < tape.limit(entry) && (text.text()[to] & 0xc0) == 0x80) {
      to++;
    }
    return new Span(rule, action, entry, from, to);
  }

  /// Joins spans that overlap. The strongest action counts; among equals the rule of the more
  /// telling group, then the longer span, then the first id gives the name: not the order in which
  /// they were found, which depends on how a text was cut.
  private static List<Span> merged(List<Span> spans) {
    List<Span> sorted = new ArrayList<>(spans);
    sorted.sort(
        Comparator.comparingInt(Span::start)
            .thenComparing(Comparator.comparingInt(Span::stop).reversed())
            .thenComparing(span -> span.rule.id()));
    List<Span> result = new ArrayList<>();
    for (Span span : sorted) {
      Span last = result.isEmpty() ? null : result.getLast();
      if (last == null || span.start >= last.stop) {
        result.add(span);
        continue;
      }
      Span named = rank(span) > rank(last) ? span : last;
      // What only tells does not widen what is masked.
      boolean lastMasks = last.action != Action.ALERT;
      boolean spanMasks = span.action != Action.ALERT;
      int start = lastMasks || !spanMasks ? last.start : span.start;
      int stop =
          spanMasks && lastMasks || spanMasks == lastMasks
              ? Math.max(span.stop, last.stop)
              : spanMasks ? span.stop : last.stop;
      result.set(result.size() - 1, new Span(named.rule, named.action, last.entry, start, stop));
    }
    return result;
  }

  private static int rank(Span span) {
    int group =
        switch (span.rule.settings().group()) {
          case "generic" -> 0;
          case "key" -> 1;
          case "credential" -> 2;
          default -> 3;
        };
    return span.action.ordinal() * 4 + group;
  }

  /// Adds every other place at which a value that will be masked stands.
  private void addElsewhere(List<Span> spans, Scope scope, Handling handling) {
    var needles = new Needles(text.text(), text.length());
    for (int i = 0; i < spans.size(); i++) {
      Span s = spans.get(i);
      boolean edits = s.action == Action.MASK || s.action == Action.TOKENISE;
      if (edits && tape.kind(s.entry) == Tape.STRING && isDistinct(s)) {
        needles.add(s.start, s.stop, i);
      }
    }
    if (needles.isEmpty()) {
      return;
    }
    List<Span> known = List.copyOf(spans);
    needles.find((needle, start, stop) -> {
      int entry = tape.at(start);
      if (tape.kind(entry) == Tape.STRING && stop <= tape.end(entry) && isInScope(entry, scope)) {
        Span s = known.get(needle);
        if (action(s.rule, entry, handling) != null) {
          spans.add(new Span(s.rule, s.action, entry, start, stop));
        }
      }
      cutShort |= spans.size() > 8 * treatment.options().maxFindings();
      return !cutShort;
    });
  }

  /// Whether a value is so unlike a word that its bytes mean the same wherever they stand.
  private boolean isDistinct(Span s) {
    if (s.stop - s.start < MIN_ELSEWHERE) {
      return false;
    }
    boolean letter = false;
    boolean other = false;
    for (int i = s.start; i < s.stop; i++) {
      byte b = text.text()[i];
      letter |= Bytes.isLetter(b);
      other |= !Bytes.isLetter(b) && b != ' ';
    }
    return letter && other || (s.stop - s.start >= 16 && !letter);
  }

  private Finding finding(Span s) {
    return new Finding(
        s.rule.id(),
        w.view.at(s.entry).pointer(),
        s.stop - s.start,
        s.action,
        treatment.digest(text.text(), s.start, s.stop));
  }

  private List<Finding> findings(List<Span> spans) {
    List<Finding> findings = new ArrayList<>(spans.size());
    for (Span s : spans) {
      findings.add(finding(s));
    }
    return findings;
  }

  /// The text with every masked span replaced; the same array when nothing is.
  private byte[] spliced(List<Span> spans, byte[] raw, int offset, int length, Handling handling) {
    List<byte[]> masks = new ArrayList<>();
    List<int[]> places = new ArrayList<>();
    int size = length;
    for (Span s : spans) {
      byte kind = tape.kind(s.entry);
      if (s.action == Action.ALERT || kind == Tape.KEY) {
        continue;
      }
      byte[] mask =
          kind == Tape.NUMBER
              ? treatment.maskNumber()
              : treatment.mask(s.rule, s.action, handling, text.text(), s.start, s.stop);
      int[] place = {text.rawStart(s.start), text.rawEnd(s.stop)};
      masks.add(mask);
      places.add(place);
      size += mask.length - (place[1] - place[0]);
    }
    if (masks.isEmpty()) {
      return raw;
    }
    byte[] out = new byte[size];
    int at = offset;
    int written = 0;
    for (int i = 0; i < masks.size(); i++) {
      int[] place = places.get(i);
      System.arraycopy(raw, at, out, written, place[0] - at);
      written += place[0] - at;
      System.arraycopy(masks.get(i), 0, out, written, masks.get(i).length);
      written += masks.get(i).length;
      at = place[1];
    }
    System.arraycopy(raw, at, out, written, offset + length - at);
    return out;
  }
}
