package io.outrider.redaction.rule;

import io.outrider.redaction.match.Regex;
import io.outrider.redaction.match.RegexSyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads rule files and merges them: a later rule replaces an earlier one with the same id, or
/// amends it when it brings no expression of its own. Not thread-safe; used once.
public final class RuleReader {
  private static final Set<String> ACTIONS = Set.of("alert", "mask", "tokenise", "block");

  private static final Set<String> MASKS = Set.of("label", "keep-last-4", "same-length");

  private final Set<String> validators;
  private final Map<String, Rule> rules = new LinkedHashMap<>();
  private final List<Note> notes = new ArrayList<>();
  private String source = "";

  /// The group of rules that name none, in the file being read.
  private final Set<String> nationalIds;

  private String fileGroup = "";

  /// What could not be used, or (when `usable`) makes no difference to messages or a known one, and
  /// why.
  public record Note(String source, int line, String rule, boolean usable, String reason) {}

  /// @param validators the names that `validate` may give
  /// @param nationalIds the names of national numbers
  public RuleReader(Set<String> validators, Set<String> nationalIds) {
    this.validators = Set.copyOf(validators);
    this.nationalIds = Set.copyOf(nationalIds);
  }

  /// The rules so far, in order of their first appearance.
  public List<Rule> rules() {
    return List.copyOf(rules.values());
  }

  /// What was wrong so far.
  public List<Note> notes() {
    return List.copyOf(notes);
  }

  /// Reads one file.
  public void read(String name, String text) {
    source = name;
    TomlTable file;
    try {
      file = TomlReader.read(text);
    } catch (TomlException e) {
      note(e.line(), "", false, "not TOML: " + e.getMessage());
      return;
    }
    extend(file);
    Map<String, TomlTable> overlays = new LinkedHashMap<>();
    fileGroup = "";
    for (TomlTable table : file.tables("outrider")) {
      fileGroup = table.string("group").orElse(fileGroup);
      for (TomlTable overlay : table.tables("rule")) {
        Optional<String> id = overlay.string("id");
        if (id.isPresent()) {
          overlays.put(id.get(), overlay);
        }
      }
    }
    Set<String> here = new LinkedHashSet<>();
    for (TomlTable table : file.tables("rules")) {
      Optional<Rule> read = rule(table, overlay(table, overlays));
      if (read.isPresent()) {
        Rule rule = read.get();
        if (!here.add(rule.id())) {
          note(table.line(), rule.id(), true, "the file has this id twice; the later rule counts");
        }
        rules.put(rule.id(), rule);
      }
    }
    for (var left : overlays.entrySet()) {
      amend(left.getKey(), left.getValue());
    }
    global(file, here);
  }

  // Plain loops and branches here as well: see TomlTable.

  /// What is said about a rule beyond gitleaks' words: in its own table, or in one that names it.
  private static TomlTable overlay(TomlTable rule, Map<String, TomlTable> overlays) {
    List<TomlTable> own = rule.tables("outrider");
    if (!own.isEmpty()) {
      return own.getFirst();
    }
    TomlTable named = overlays.remove(rule.string("id").orElse(""));
    return named == null ? new TomlTable(rule.line()) : named;
  }

  /// What a file builds on.
  ///
  /// @param paths files to be read before it, as they are written
  /// @param builtin whether the built-in rules are to be read before it
  public record Bases(List<String> paths, boolean builtin) {}

  /// Reads what a file says in `extend`; a file that is no TOML builds on nothing.
  public static Bases bases(String text) {
    List<String> paths = new ArrayList<>();
    boolean builtin = false;
    try {
      for (TomlTable extend : TomlReader.read(text).tables("extend")) {
        extend.string("path").ifPresent(paths::add);
        builtin |= flag(extend, "useDefault", false);
      }
    } catch (TomlException e) {
      return new Bases(List.of(), false); // told when the file itself is read
    }
    return new Bases(paths, builtin);
  }

  private void extend(TomlTable file) {
    for (TomlTable extend : file.tables("extend")) {
      for (String id : extend.strings("disabledRules")) {
        if (rules.remove(id) == null) {
          note(
              extend.line(),
              id,
              true,
              "extend.disabledRules names a rule that no earlier source has");
        }
      }
      if (extend.get("url").isPresent()) {
        note(extend.line(), "", true, "extend.url is not followed; rules come from files");
      }
    }
  }

  private Optional<Rule> rule(TomlTable table, TomlTable overlay) {
    String id = table.string("id").orElse("");
    if (id.isEmpty()) {
      note(table.line(), "", false, "a rule without an id");
      return Optional.empty();
    }
    Optional<Rule> known = Optional.ofNullable(rules.get(id));
    Optional<String> pattern = table.string("regex");
    if (pattern.isEmpty()) {
      pattern = assignment(overlay);
    }
    Rule.Kind kind = kind(overlay, id, table.line());
    if (kind == Rule.Kind.REGEX && pattern.isEmpty()) {
      if (known.isPresent()) {
        return Optional.of(amended(known.get(), table, overlay));
      }
      boolean byName = table.get("path").isPresent();
      String why =
          byName
              ? "left out: it finds files by name, and a message has none"
              : "it has no regex, and no earlier rule has this id to be amended"
                  + Spelling.nearest(id, rules.keySet())
                      .map(near -> " ('" + near + "'?)")
                      .orElse("");
      note(table.line(), id, byName, why);
      return Optional.empty();
    }
    List<String> names = overlay.strings("names");
    if (kind == Rule.Kind.NATIONAL_ID && (names.isEmpty() || !nationalIds.containsAll(names))) {
      String all = String.join(", ", new TreeSet<>(nationalIds));
      note(table.line(), id, false, "names: " + names + " (expected: out of " + all + ")");
      return Optional.empty();
    }
    if (!areFindable(table, overlay, kind, id)) {
      return Optional.empty();
    }
    Optional<Regex> regex = Optional.empty();
    if (kind == Rule.Kind.REGEX) {
      regex = compile(pattern.orElseThrow(), table.line(), id);
      if (regex.isEmpty()) {
        return Optional.empty();
      }
      if (table.get("path").isPresent()) {
        note(
            table.line(),
            id,
            true,
            "a message has no file name; the rule is used as if its path always matched");
      }
    }
    if (table.get("required").isPresent()) {
      note(table.line(), id, true, "the other rules that it requires nearby are not asked for");
    }
    Object secretGroup = table.get("secretGroup").orElse(0L);
    int group = secretGroup instanceof Long n ? n.intValue() : -1;
    if (group < 0 || (regex.isPresent() && group > regex.get().groups())) {
      note(table.line(), id, false, "secretGroup: " + group + " (expected: a group of the regex)");
      return Optional.empty();
    }
    Optional<Rule.Settings> settings = settings(overlay, defaults(id), id, table.line());
    if (settings.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Rule(
            id,
            table.string("description").orElse(""),
            kind,
            regex,
            group,
            entropy(table),
            lower(table.strings("keywords")),
            Set.copyOf(overlay.strings("names")),
            Set.copyOf(overlay.strings("except")),
            allowlists(table, id),
            settings.get(),
            samples(overlay),
            new Rule.Origin(source, table.line())));
  }

  /// Whether keywords and names are such as can be found. One that never matches would leave what
  /// it speaks of in clear, and nobody would know.
  private boolean areFindable(TomlTable table, TomlTable overlay, Rule.Kind kind, String id) {
    for (String keyword : table.strings("keywords")) {
      if (!isAscii(keyword)) {
        note(table.line(), id, false, "keywords: " + keyword + " (expected: ASCII)");
        return false;
      }
    }
    if (kind == Rule.Kind.KEY) {
      for (String key : List.of("names", "except")) {
        for (String name : overlay.strings(key)) {
          if (!isName(name)) {
            String expected = " (expected: lower-case letters and digits of ASCII, no separators)";
            note(overlay.line(), id, false, key + ": " + name + expected);
            return false;
          }
        }
      }
    }
    return true;
  }

  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static boolean isAscii(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (word.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Many secrets have no shape but a length, and are known by the name they are assigned to.
  /// `near` says the name and `value` the shape; the assignment between them is the same for all.
  private static Optional<String> assignment(TomlTable overlay) {
    List<String> near = overlay.strings("near");
    Optional<String> value = overlay.string("value");
    if (near.isEmpty() || value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        "(?i:"
            .concat(String.join("|", near))
            .concat(
                ")[\\w. -]{0,30}\\\\?[\"'`]{0,2}\\s{0,3}(?:[=:>]{1,3}|\\?=|\\|\\||,)\\s{0,9}\\\\?[\"'`(]{0,3}(")
            .concat(value.get())
            .concat(")(?:[^\\w+/=.~-]|[.=](?:\\W|$)|$)"));
  }

  private Rule.Kind kind(TomlTable overlay, String id, int line) {
    String name = overlay.string("kind").orElse("regex");
    try {
      return Rule.Kind.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      note(
          line,
          id,
          true,
          "kind: "
              + name
              + " (expected: regex, key, card, iban, phone, ip, email or national-id); taken as regex");
      return Rule.Kind.REGEX;
    }
  }

  private Optional<Regex> compile(String pattern, int line, String id) {
    try {
      return Optional.of(Regex.compile(pattern));
    } catch (RegexSyntaxException e) {
      note(line, id, false, "regex: " + e.getMessage());
      return Optional.empty();
    }
  }

  /// gitleaks' generic rules find what only looks random, so they tell and do not touch.
  private Rule.Settings defaults(String id) {
    boolean generic = id.startsWith("generic");
    String group = !fileGroup.isEmpty() ? fileGroup : generic ? "generic" : "custom";
    return new Rule.Settings(group, false, generic ? "alert" : "", "", true, false, false, "");
  }

  private Optional<Rule.Settings> settings(
      TomlTable overlay, Rule.Settings base, String id, int line) {
    String action = overlay.string("action").orElse(base.action());
    if (!action.isEmpty() && !ACTIONS.contains(action)) {
      note(line, id, false, "action: " + action + " (expected: alert, mask, tokenise or block)");
      return Optional.empty();
    }
    String validate = overlay.string("validate").orElse(base.validate());
    if (!validate.isEmpty() && !validators.contains(validate)) {
      note(
          line,
          id,
          false,
          "validate: " + validate + " (expected: one of " + String.join(", ", sorted()) + ")");
      return Optional.empty();
    }
    String mask = overlay.string("mask").orElse(base.mask());
    if (!mask.isEmpty() && !MASKS.contains(mask)) {
      note(line, id, false, "mask: " + mask + " (expected: label, keep-last-4 or same-length)");
      return Optional.empty();
    }
    return Optional.of(
        new Rule.Settings(
            overlay.string("group").orElse(base.group()),
            flag(overlay, "opt-in", base.optIn()),
            action,
            validate,
            flag(overlay, "extend", base.extend()),
            flag(overlay, "numbers", base.numbers()),
            flag(overlay, "within", base.within()),
            mask));
  }

  private List<String> sorted() {
    return validators.stream().sorted().toList();
  }

  private static boolean flag(TomlTable table, String key, boolean otherwise) {
    return table.get(key).orElse(null) instanceof Boolean b ? b : otherwise;
  }

  private static double entropy(TomlTable table) {
    return table.get("entropy").orElse(null) instanceof Number n ? n.doubleValue() : 0.0;
  }

  private static Rule.Samples samples(TomlTable overlay) {
    List<String> positive = overlay.strings("positive");
    List<String> negative = overlay.strings("negative");
    return positive.isEmpty() && negative.isEmpty()
        ? Rule.Samples.NONE
        : new Rule.Samples(positive, negative);
  }

  private static List<String> lower(List<String> words) {
    List<String> lower = new ArrayList<>(words.size());
    for (String word : words) {
      if (!word.isEmpty()) {
        lower.add(word.toLowerCase(Locale.ROOT));
      }
    }
    return List.copyOf(lower);
  }

  /// An overlay for a rule of an earlier source.
  private void amend(String id, TomlTable overlay) {
    Rule known = rules.get(id);
    if (known == null) {
      note(overlay.line(), id, false, "[[outrider.rule]] names a rule that does not exist");
      return;
    }
    rules.put(id, amended(known, overlay, overlay));
  }

  private Rule amended(Rule known, TomlTable table, TomlTable overlay) {
    if (!areFindable(table, overlay, known.kind(), known.id())) {
      return known;
    }
    List<Allowlist> lists = new ArrayList<>(known.allowlists());
    lists.addAll(allowlists(table, known.id()));
    List<String> keywords = new ArrayList<>(known.keywords());
    keywords.addAll(lower(table.strings("keywords")));
    if (!overlay.strings("except").isEmpty() && known.kind() != Rule.Kind.KEY) {
      note(
          table.line(),
          known.id(),
          true,
          "except has no effect: it is for rules that go by the names of members; use an allow-list");
    }
    Set<String> except = new LinkedHashSet<>(known.except());
    except.addAll(overlay.strings("except"));
    Set<String> names = new LinkedHashSet<>(known.names());
    names.addAll(overlay.strings("names"));
    Rule.Settings settings =
        settings(overlay, known.settings(), known.id(), table.line()).orElse(known.settings());
    return new Rule(
        known.id(),
        table.string("description").orElse(known.description()),
        known.kind(),
        known.regex(),
        known.secretGroup(),
        table.get("entropy").isPresent() ? entropy(table) : known.entropy(),
        List.copyOf(keywords),
        Set.copyOf(names),
        Set.copyOf(except),
        List.copyOf(lists),
        settings,
        known.samples(),
        known.origin());
  }

  private List<Allowlist> allowlists(TomlTable rule, String id) {
    List<TomlTable> tables = new ArrayList<>(rule.tables("allowlists"));
    tables.addAll(rule.tables("allowlist"));
    List<Allowlist> lists = new ArrayList<>();
    for (TomlTable table : tables) {
      Optional<Allowlist> list = allowlist(table, id);
      if (list.isPresent()) {
        lists.add(list.get());
      }
    }
    return lists;
  }

  private Optional<Allowlist> allowlist(TomlTable table, String id) {
    String condition = table.string("condition").orElse("");
    boolean all = condition.equals("AND") || condition.equals("&&");
    if (all && (table.get("paths").isPresent() || table.get("commits").isPresent())) {
      // A message has neither, so the list never speaks.
      return Optional.empty();
    }
    List<Regex> regexes = new ArrayList<>();
    for (String pattern : table.strings("regexes")) {
      Optional<Regex> regex = compile(pattern, table.line(), id);
      if (regex.isPresent()) {
        regexes.add(regex.get());
      }
    }
    List<String> words = new ArrayList<>();
    for (String word : lower(table.strings("stopwords"))) {
      if (isAscii(word)) {
        words.add(word);
      } else {
        note(table.line(), id, true, "a stop word beyond ASCII is left out");
      }
    }
    if (regexes.isEmpty() && words.isEmpty()) {
      return Optional.empty();
    }
    Allowlist.Target target =
        switch (table.string("regexTarget").orElse("secret")) {
          case "match" -> Allowlist.Target.MATCH;
          case "line" -> Allowlist.Target.LINE;
          default -> Allowlist.Target.SECRET;
        };
    return Optional.of(new Allowlist(target, all, regexes, words));
  }

  /// The lists that speak for every rule of their file, or for those they name.
  private void global(TomlTable file, Set<String> here) {
    List<TomlTable> tables = new ArrayList<>(file.tables("allowlists"));
    tables.addAll(file.tables("allowlist"));
    for (TomlTable table : tables) {
      List<String> targets = table.strings("targetRules");
      Optional<Allowlist> list = allowlist(table, "");
      for (String id : targets.isEmpty() ? here : targets) {
        Rule rule = rules.get(id);
        if (rule == null || list.isEmpty()) {
          continue;
        }
        List<Allowlist> lists = new ArrayList<>(rule.allowlists());
        lists.add(list.get());
        rules.put(id, rule.withAllowlists(lists));
      }
    }
  }

  private void note(int line, String rule, boolean usable, String reason) {
    notes.add(new Note(source, line, rule, usable, reason));
  }
}
