package io.outrider.app.serve;

import io.outrider.redaction.Action;
import io.outrider.redaction.Problem;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleInfo;
import io.outrider.redaction.RuleSet;
import io.outrider.redaction.RuleSource;
import io.outrider.settings.RedactionSettings;
import io.outrider.settings.RedactionSettings.OnMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Redaction rules as the settings name them.
public final class RedactionRules {
  private RedactionRules() {}

  /// A redactor, and what its author should know.
  ///
  /// @param redactor compiled, shared by all threads
  /// @param digest names the rules in audit records
  /// @param warnings rules that work with a difference
  public record Loaded(Redactor redactor, String digest, List<String> warnings) {
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /// Reads and compiles them.
  ///
  /// @throws Unusable if a file is missing, a rule cannot be used, or a detector is unknown
  public static Loaded load(RedactionSettings settings) throws Unusable {
    List<String> errors = new ArrayList<>();
    List<RuleSource> sources = new ArrayList<>();
    for (String rule : settings.rules()) {
      try {
        sources.add(
            rule.equals(RedactionSettings.BUILTIN)
                ? RuleSource.builtin()
                : RuleSource.file(Path.of(rule)));
      } catch (IOException e) {
        errors.add(Messages.of(e));
      }
    }
    RuleSet rules = RuleSet.load(sources);
    List<String> warnings = new ArrayList<>();
    for (Problem problem : rules.problems()) {
      (problem.severity() == Problem.Severity.ERROR ? errors : warnings).add(line(problem));
    }
    Set<String> known = rules.names();
    settings.detectors().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .forEach(name ->
            errors.add("redaction.detectors: '%s' (expected: %s)".formatted(name, optIns(rules))));
    if (!errors.isEmpty()) {
      throw new Unusable(errors);
    }
    RedactionOptions options = RedactionOptions.defaults().withGroups(settings.detectors());
    if (settings.onMatch() != OnMatch.MASK) {
      Action action = action(settings.onMatch());
      options =
          options.withActions(
              known.stream().collect(Collectors.toMap(name -> name, name -> action)));
    }
    return new Loaded(Redactor.compile(rules, options), rules.digest(), warnings);
  }

  private static String optIns(RuleSet rules) {
    return rules.rules().stream()
        .filter(RuleInfo::optIn)
        .flatMap(rule -> Stream.of(rule.id(), rule.group()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static Action action(OnMatch onMatch) {
    return switch (onMatch) {
      case MASK -> Action.MASK;
      case BLOCK -> Action.BLOCK;
      case TOKENISE -> Action.TOKENISE;
      case ALERT -> Action.ALERT;
    };
  }

  private static String line(Problem problem) {
    return problem.source()
        + (problem.line() > 0 ? ":" + problem.line() : "")
        + ": "
        + (problem.rule().isEmpty() ? "" : "rule " + problem.rule() + ": ")
        + problem.reason();
  }
}
