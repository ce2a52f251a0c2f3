package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which logs are believed, which witnesses there are, and how many of them must have cosigned a
/// checkpoint (C2SP tlog-policy).
///
/// @param logs empty if the log is known from elsewhere
public record TlogPolicy(List<Log> logs, List<Witness> witnesses, Rule quorum) {

  /// Many times what the specification asks an implementation to bear.
  private static final int MAX_LINES = 10_000;

  private static final String NONE = "none";

  /// A log and where it is.
  public record Log(VerifierKey key, Optional<String> url) {}

  /// A witness under the name the policy gives it.
  ///
  /// @param url its submission prefix, if checkpoints are to be sent there
  public record Witness(String name, CosignerKey key, Optional<String> url) {}

  /// What must be fulfilled.
  public sealed interface Rule {
    /// Whether it is, when these witnesses have cosigned.
    boolean met(Set<String> cosigned);

    /// Nothing is required.
    record None() implements Rule {
      @Override
      public boolean met(Set<String> cosigned) {
        return true;
      }

      @Override
      public String toString() {
        return NONE;
      }
    }

    /// One witness must have cosigned.
    record One(String witness) implements Rule {
      @Override
      public boolean met(Set<String> cosigned) {
        return cosigned.contains(witness);
      }

      @Override
      public String toString() {
        return witness;
      }
    }

    /// At least `needed` of the members must be met.
    record Group(String name, int needed, List<Rule> members) implements Rule {
      public Group {
        members = List.copyOf(members);
      }

      @Override
      public boolean met(Set<String> cosigned) {
        return members.stream().filter(member -> member.met(cosigned)).count() >= needed;
      }

      @Override
      public String toString() {
        return name + " (" + needed + " of " + members.size() + ")";
      }
    }
  }

  public TlogPolicy {
    logs = List.copyOf(logs);
    witnesses = List.copyOf(witnesses);
  }

  /// A policy that asks for `needed` of these witnesses.
  public static TlogPolicy of(List<Witness> witnesses, int needed) {
    List<Rule> members = new ArrayList<>();
    witnesses.forEach(witness -> members.add(new Rule.One(witness.name())));
    return new TlogPolicy(
        List.of(),
        witnesses,
        needed == 0 ? new Rule.None() : new Rule.Group("quorum", needed, members));
  }

  /// Reads a policy file.
  ///
  /// @throws FormatException naming the line that is wrong
  public static TlogPolicy parse(byte[] bytes) throws FormatException {
    // Octets with the high bit are opaque by the specification; this maps each to one character.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\t' && c != '\n' && (c < 0x20 || c == 0x7f)) {
        throw new FormatException(
            "policy: control character " + (int) c + " at byte " + i + " (expected: none)");
      }
    }
    Parser parser = new Parser();
    String[] lines = text.split("\n", MAX_LINES + 1);
    if (lines.length > MAX_LINES) {
      throw new FormatException("policy: more than " + MAX_LINES + " lines");
    }
    for (int i = 0; i < lines.length; i++) {
      try {
        parser.line(lines[i]);
      } catch (IllegalArgumentException e) {
        throw new FormatException("policy line " + (i + 1) + ": " + e.getMessage(), e);
      }
    }
    return parser.end();
  }

  private static final class Parser {
    private final List<Log> logs = new ArrayList<>();
    private final List<Witness> witnesses = new ArrayList<>();
    private final Map<String, Rule> named = new HashMap<>();
    private final Set<String> members = new HashSet<>();
    private Optional<Rule> quorum = Optional.empty();

    void line(String line) {
      List<String> words =
          Arrays.stream(line.split("[ \t]+")).filter(word -> !word.isEmpty()).toList();
      if (words.isEmpty() || words.getFirst().startsWith("#")) {
        return;
      }
      switch (words.getFirst()) {
        case "log" -> log(words);
        case "witness" -> witness(words);
        case "group" -> group(words);
        case "quorum" -> quorum(words);
        default ->
            throw new IllegalArgumentException(
                "\"" + words.getFirst() + "\" (expected: log, witness, group or quorum)");
      }
    }

    private void log(List<String> words) {
      count(words, 2, 3, "log <vkey> [<url>]");
      VerifierKey key = VerifierKey.parse(utf8(words.get(1)));
      if (logs.stream().anyMatch(log -> Arrays.equals(log.key().bytes(), key.bytes()))) {
        throw new IllegalArgumentException("log: the same key again");
      }
      logs.add(new Log(key, words.size() > 2 ? Optional.of(words.get(2)) : Optional.empty()));
    }

    private void witness(List<String> words) {
      count(words, 3, 4, "witness <name> <vkey> [<url>]");
      CosignerKey key = CosignerKey.parse(utf8(words.get(2)));
      if (witnesses.stream().anyMatch(witness -> witness.key().sameKey(key))) {
        throw new IllegalArgumentException("witness: the same key again");
      }
      String name = utf8(words.get(1));
      define(name, new Rule.One(name));
      witnesses.add(
          new Witness(name, key, words.size() > 3 ? Optional.of(words.get(3)) : Optional.empty()));
    }

    private void group(List<String> words) {
      count(words, 4, Integer.MAX_VALUE, "group <name> all|any|<k> <name>...");
      List<Rule> rules = new ArrayList<>();
      for (String word : words.subList(3, words.size())) {
        String member = utf8(word);
        rules.add(defined(member));
        if (!members.add(member)) {
          throw new IllegalArgumentException(
              member + ": already a member of a group (expected: of one at most)");
        }
      }
      int needed =
          switch (words.get(2)) {
            case "all" -> rules.size();
            case "any" -> 1;
            default -> number(words.get(2), rules.size());
          };
      String name = utf8(words.get(1));
      define(name, new Rule.Group(name, needed, rules));
    }

    private void quorum(List<String> words) {
      count(words, 2, 2, "quorum <name>|none");
      if (quorum.isPresent()) {
        throw new IllegalArgumentException("quorum: a second one");
      }
      String name = utf8(words.get(1));
      quorum = Optional.of(name.equals(NONE) ? new Rule.None() : defined(name));
    }

    TlogPolicy end() throws FormatException {
      return new TlogPolicy(
          logs,
          witnesses,
          quorum.orElseThrow(() -> new FormatException("policy: no quorum line (expected: one)")));
    }

    private void define(String name, Rule rule) {
      if (name.equals(NONE) || named.putIfAbsent(name, rule) != null) {
        throw new IllegalArgumentException(name + ": a name that is taken");
      }
    }

    private Rule defined(String name) {
      Rule rule = named.get(name);
      if (rule == null) {
        throw new IllegalArgumentException(
            name + ": not defined (expected: a witness or group of a line before)");
      }
      return rule;
    }

    private static int number(String text, int most) {
      int number = text.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(text) : 0;
      if (number < 1 || number > most) {
        throw new IllegalArgumentException(
            "\"" + text + "\" (expected: all, any or 1 to " + most + ")");
      }
      return number;
    }

    private static void count(List<String> words, int least, int most, String expected) {
      if (words.size() < least || words.size() > most) {
        throw new IllegalArgumentException(words.size() + " words (expected: " + expected + ")");
      }
    }

    private static String utf8(String octets) {
      return new String(octets.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
  }
}
