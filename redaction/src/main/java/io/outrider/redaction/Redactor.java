package io.outrider.redaction;

import io.outrider.redaction.json.NotJsonException;
import io.outrider.redaction.json.Tape;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.scan.Begun;
import io.outrider.redaction.scan.Engine;
import io.outrider.redaction.scan.TooMuchWorkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Finds and masks secrets in JSON texts. Immutable and thread-safe; one instance serves all
/// threads.
///
/// A message in which nothing is found costs one decoding pass and one automaton pass, and
/// allocates nothing once warm.
public final class Redactor {
  /// A string longer than this is asked about before the search, so that a large image is not
  /// searched.
  private static final int LARGE_STRING = 1024;

  /// Combinations of extra detectors kept compiled. Policies name few; beyond this each message
  /// compiles its own.
  private static final int MAX_EXTRA_ENGINES = 64;

  private final RuleSet rules;
  private final Treatment treatment;
  private final List<Rule> active;
  private final Engine engine;
  private final Set<String> known;
  private final Map<Set<String>, Extra> extras = new ConcurrentHashMap<>();

  private Redactor(RuleSet rules, RedactionOptions options) {
    this.rules = rules;
    this.treatment = new Treatment(options);
    List<Rule> on = new ArrayList<>(rules.size());
    for (Rule rule : rules.all()) {
      if (isOn(rule, options.groups())) {
        on.add(rule);
      }
    }
    this.active = List.copyOf(on);
    this.engine = new Engine(active, 0);
    this.known = Collections.unmodifiableSet(rules.names());
  }

  /// The rules of a set of extra detectors that are not on anyway.
  private record Extra(List<Rule> rules, Engine engine) {}

  /// Prepares the rules for use. Compile once, share, and swap for another when rules change.
  ///
  /// @throws IllegalArgumentException when the options name a rule or group that the set does not
  ///   have
  public static Redactor compile(RuleSet rules, RedactionOptions options) {
    Redactor redactor = new Redactor(rules, options);
    Set<String> unknown = new HashSet<>(options.groups());
    unknown.addAll(options.actions().keySet());
    unknown.removeAll(redactor.known);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "rule or group: " + unknown + " (expected: one of " + redactor.known + ")");
    }
    return redactor;
  }

  private static boolean isOn(Rule rule, Set<String> names) {
    return !rule.settings().optIn()
        || names.contains(rule.settings().group())
        || names.contains(rule.id());
  }

  /// Looks through one whole JSON text.
  ///
  /// @param json holds the text; it is not changed and not kept
  /// @param offset index of the first byte
  /// @param length number of bytes
  /// @param scope which values are looked at
  /// @param extra what to look for beyond the rules that are always on
  /// @throws RedactionException when the work cannot be done; the message must then be refused
  public Redaction redact(byte[] json, int offset, int length, Scope scope, Detectors extra) {
    return redact(json, offset, length, scope, extra, Handling.USUAL);
  }

  /// The same where what becomes of a finding depends on whose message it is.
  public Redaction redact(
      byte[] json, int offset, int length, Scope scope, Detectors extra, Handling handling) {
    Workspace w = Workspace.take();
    try {
      w.text.read(json, offset, length);
      w.view.reset(offset);
      search(w, scope, extra);
      if (w.matches.size() == 0) {
        return Redaction.CLEAN;
      }
      return new Editor(w, treatment, this::ruleOf, extraRules(extra))
          .edit(json, offset, length, scope, handling);
    } catch (NotJsonException | TooMuchWorkException e) {
      throw new RedactionException(String.valueOf(e.getMessage()), e);
    } finally {
      w.giveBack();
    }
  }

  /// Looks through one whole JSON text in which every value counts.
  public Redaction redact(byte[] json) {
    return redact(json, 0, json.length, Scope.everything(), Detectors.NONE);
  }

  /// Says what would be found in a text, and why.
  ///
  /// @param json whether the text is JSON; otherwise it is looked through as plain text
  /// @throws RedactionException when the work cannot be done
  public List<Explanation> explain(byte[] text, boolean json) {
    Workspace w = Workspace.take();
    try {
      if (json) {
        w.text.read(text, 0, text.length);
      } else {
        w.text.readPlain(text, 0, text.length);
      }
      w.view.reset(0);
      search(w, Scope.everything(), Detectors.NONE);
      return new Editor(w, treatment, this::ruleOf, List.of())
          .explain(0, Scope.everything(), Handling.USUAL);
    } catch (NotJsonException | TooMuchWorkException e) {
      throw new RedactionException(String.valueOf(e.getMessage()), e);
    } finally {
      w.giveBack();
    }
  }

  /// Masks secrets in plain text: a log line, the error output of a child process, the text of an
  /// error. Text that costs too much to search is replaced as a whole.
  public String redactText(CharSequence text) {
    return text(text, Handling.USUAL);
  }

  /// The same where what becomes of a finding depends on whose text it is.
  public String redactText(CharSequence text, Handling handling) {
    return text(text, handling);
  }

  /// The same for what is written down, such as a log: what rules only tell of is masked as well.
  public String recordText(CharSequence text) {
    return text(text, Handling.FOR_RECORDS);
  }

  private String text(CharSequence text, Handling handling) {
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    Workspace w = Workspace.take();
    try {
      w.text.readPlain(bytes, 0, bytes.length);
      w.view.reset(0);
      engine.search(w.text, 0, w.text.length(), w.search, w.matches);
      if (w.matches.size() == 0) {
        return text.toString();
      }
      Redaction redaction =
          new Editor(w, treatment, this::ruleOf, List.of())
              .edit(bytes, 0, bytes.length, Scope.everything(), handling);
      return switch (redaction) {
        case Redaction.Clean c -> text.toString();
        case Redaction.Redacted r -> new String(r.json(), StandardCharsets.UTF_8);
        case Redaction.Blocked b -> "[REDACTED:blocked]";
      };
    } catch (TooMuchWorkException e) {
      return "[REDACTED:too-costly]";
    } finally {
      w.giveBack();
    }
  }

  /// Begins a text that comes in pieces.
  public StreamRedactor stream() {
    return new StreamRedactor(() -> this, Handling.USUAL);
  }

  int searchBeginning(Workspace w, int floor, boolean ends, Begun begun)
      throws TooMuchWorkException {
    return engine.searchBeginning(w.text, floor, ends, begun, w.search, w.matches);
  }

  Editor editor(Workspace w) {
    return new Editor(w, treatment, this::ruleOf, List.of());
  }

  /// Ids of all rules and names of all groups that [Detectors] may name.
  public Set<String> knownDetectors() {
    return known;
  }

  /// Digest of the rules in use.
  public String digest() {
    return rules.digest();
  }

  private void search(Workspace w, Scope scope, Detectors extra) throws TooMuchWorkException {
    int from = 0;
    if (scope != Scope.Everything.INSTANCE && w.text.length() > LARGE_STRING) {
      Tape tape = w.text.tape();
      for (int e = 0; e < tape.size(); e++) {
        byte kind = tape.kind(e);
        if ((kind == Tape.STRING || kind == Tape.NESTED)
            && tape.limit(e) - tape.start(e) > LARGE_STRING) {
          if (!scope.includes(w.view.at(e))
              && scope.otherwise(w.view.at(e)) == Scope.Otherwise.IGNORE) {
            search(w, from, tape.start(e), extra);
            from = tape.limit(e);
          }
          if (kind == Tape.NESTED) {
            e = tape.end(e) - 1;
          }
        }
      }
    }
    search(w, from, w.text.length(), extra);
    if (!extra.pointers().isEmpty() && extra.names().isEmpty()) {
      Pointers.addAll(extra, w.text, active.size(), w.matches);
    }
  }

  private void search(Workspace w, int from, int to, Detectors extra) throws TooMuchWorkException {
    engine.search(w.text, from, to, w.search, w.matches);
    if (!extra.names().isEmpty()) {
      int before = w.matches.size();
      extra(extra).engine().search(w.text, from, to, w.search, w.matches);
      if (!extra.pointers().isEmpty()) {
        Pointers.keepBelow(extra, w.text, w.matches, before);
      }
    }
  }

  private List<Rule> extraRules(Detectors detectors) {
    if (detectors.names().isEmpty()) {
      return detectors.pointers().isEmpty() ? List.of() : List.of(Pointers.POLICY);
    }
    return extra(detectors).rules();
  }

  private Extra extra(Detectors detectors) {
    Extra kept = extras.get(detectors.names());
    if (kept != null) {
      return kept;
    }
    if (!known.containsAll(detectors.names())) {
      Set<String> unknown = new HashSet<>(detectors.names());
      unknown.removeAll(known);
      throw new RedactionException(
          "detector: " + unknown + " (expected: names out of knownDetectors())");
    }
    List<Rule> more =
        rules.all().stream()
            .filter(rule -> !active.contains(rule))
            .filter(rule -> isOn(rule, detectors.names()))
            .toList();
    Extra made = new Extra(more, new Engine(more, active.size()));
    if (extras.size() < MAX_EXTRA_ENGINES) {
      extras.put(detectors.names(), made);
    }
    return made;
  }

  private Rule ruleOf(int number, List<Rule> more) {
    return number < active.size() ? active.get(number) : more.get(number - active.size());
  }
}
