package io.outrider.redaction;

import io.outrider.redaction.check.Checks;
import io.outrider.redaction.check.NationalNames;
import io.outrider.redaction.rule.Rule;
import io.outrider.redaction.rule.RuleReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Rules that were read and understood, and a list of those that were not. Immutable and
/// thread-safe.
public final class RuleSet {
  /// The files of the built-in set, in the order they are read.
  private static final List<String> BUILTIN =
      List.of(
          "cloud",
          "code",
          "ci",
          "chat",
          "ai",
          "payment",
          "saas",
          "observability",
          "data",
          "credentials",
          "forms",
          "generic",
          "personal");

  private final List<Rule> rules;
  private final List<Problem> problems;

  /// What was read, in its order.
  private final List<RuleSource> sources;

  /// The one rule the set was cut down to; `""` for all.
  private final String part;

  private volatile @Nullable String digest;

  private RuleSet(
      List<Rule> rules, List<Problem> problems, Collection<RuleSource> sources, String part) {
    this.rules = rules;
    this.problems = problems;
    this.sources = List.copyOf(sources);
    this.part = part;
  }

  /// The rules that ship with Outrider.
  public static RuleSet builtin() {
    return load(List.of(RuleSource.builtin()));
  }

  /// Reads rules from all sources in their order. A later rule replaces an earlier one with the
  /// same id, or amends it when it has no `regex` of its own. What cannot be used is in
  /// [#problems()], and is not in the set.
  public static RuleSet load(List<RuleSource> sources) {
    var reader = new RuleReader(Checks.names(), NationalNames.ALL);
    Set<RuleSource> asked = new HashSet<>();
    List<RuleSource> done = new ArrayList<>();
    for (RuleSource source : sources) {
      read(source, asked, done, reader);
    }
    List<Problem> problems = new ArrayList<>();
    for (RuleReader.Note note : reader.notes()) {
      problems.add(problem(note));
    }
    return new RuleSet(reader.rules(), List.copyOf(problems), done, "");
  }

  /// Reads a source after those it extends. What was read before is not read again: that would undo
  /// what a source in between changed.
  private static void read(
      RuleSource source, Set<RuleSource> asked, List<RuleSource> done, RuleReader reader) {
    if (!asked.add(source)) {
      return;
    }
    if (source instanceof RuleSource.Toml t) {
      for (RuleSource base : t.before()) {
        read(base, asked, done, reader);
      }
      reader.read(t.name(), t.text());
    } else {
      for (String name : BUILTIN) {
        reader.read("builtin/".concat(name).concat(".toml"), resource(name));
      }
    }
    done.add(source);
  }

  private static Problem problem(RuleReader.Note note) {
    Problem.Severity severity = note.usable() ? Problem.Severity.WARNING : Problem.Severity.ERROR;
    return new Problem(note.source(), note.line(), note.rule(), severity, note.reason());
  }

  private static String resource(String name) {
    String file = "rules/".concat(name).concat(".toml");
    try (InputStream in = RuleSet.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(
            "built-in rules: " + name + ".toml is missing from the module");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("built-in rules: " + name + ".toml cannot be read", e);
    }
  }

  private static String digest(List<RuleSource> sources) {
    MessageDigest hash;
    try {
      hash = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (RuleSource source : sources) {
      if (source instanceof RuleSource.Toml t) {
        update(hash, t.text());
      } else {
        for (String name : BUILTIN) {
          update(hash, resource(name));
        }
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static void update(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    // The length parts the sources, so that text cannot move from one to the next unseen.
    hash.update((bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
    hash.update(bytes);
  }

  /// What could not be used, or works with a difference.
  public List<Problem> problems() {
    return problems;
  }

  /// SHA-256 over the sources in hexadecimal: equal digests, equal rules. Made when it is first
  /// asked for: whoever only redacts need not wait for it.
  public String digest() {
    String known = digest;
    if (known == null) {
      known = part.isEmpty() ? digest(sources) : digest(sources) + "/" + part;
      digest = known;
    }
    return known;
  }

  /// Number of usable rules.
  public int size() {
    return rules.size();
  }

  /// What can be told about each rule.
  public List<RuleInfo> rules() {
    return rules.stream()
        .map(r ->
            new RuleInfo(
                r.id(),
                r.description(),
                r.settings().group(),
                r.settings().optIn(),
                r.settings().action().isEmpty()
                    ? Action.MASK
                    : Action.valueOf(r.settings().action().toUpperCase(Locale.ROOT)),
                r.origin().source(),
                r.origin().line()))
        .toList();
  }

  /// Ids of all rules and names of all groups.
  public Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (Rule rule : rules) {
      names.add(rule.id());
      names.add(rule.settings().group());
    }
    return names;
  }

  /// The set with nothing but one of its rules.
  RuleSet only(Rule rule) {
    return new RuleSet(List.of(rule), List.of(), sources, rule.id());
  }

  List<Rule> all() {
    return rules;
  }
}
