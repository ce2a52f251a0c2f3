package io.outrider.app.serve;

import io.outrider.redaction.Action;
import io.outrider.redaction.MaskStyle;
import io.outrider.redaction.Problem;
import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleInfo;
import io.outrider.redaction.RuleSet;
import io.outrider.redaction.RuleSource;
import io.outrider.redaction.TokenKey;
import io.outrider.settings.RedactionSettings;
import io.outrider.settings.RedactionSettings.Mask;
import io.outrider.settings.RedactionSettings.OnMatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Redaction rules as the settings name them.
public final class RedactionRules {
  /// One for the life of the process, so that a reload makes no new tokens for known values.
  private static final TokenKey TOKEN_KEY = TokenKey.random();

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
    settings.treatments().stream()
        .flatMap(treatment -> treatment.rules().stream())
        .filter(name -> !known.contains(name))
        .distinct()
        .sorted()
        .forEach(name ->
            errors.add(
                "redaction.treatments.rules: '%s' (expected: the id or group of a rule that is loaded)"
                    .formatted(name)));
    if (!errors.isEmpty()) {
      throw new Unusable(errors);
    }
    RedactionOptions options =
        RedactionOptions.defaults()
            .withGroups(settings.detectors())
            .withUsual(action(settings.onMatch()))
            .withMask(mask(settings.mask()))
            .withTokenKey(TOKEN_KEY);
    return new Loaded(Redactor.compile(rules, options), rules.digest(), warnings);
  }

  /// The files they are read from, with those that these extend.
  static Set<Path> files(RedactionSettings settings) {
    Set<Path> files = new LinkedHashSet<>();
    for (String rule : settings.rules()) {
      if (!rule.equals(RedactionSettings.BUILTIN)) {
        files.addAll(RuleSource.files(Path.of(rule)));
      }
    }
    return files;
  }

  private static String optIns(RuleSet rules) {
    return rules.rules().stream()
        .filter(RuleInfo::optIn)
        .flatMap(rule -> Stream.of(rule.id(), rule.group()))
        .distinct()
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static MaskStyle mask(Mask mask) {
    return switch (mask) {
      case LABEL -> MaskStyle.LABEL;
      case KEEP_LAST_4 -> MaskStyle.KEEP_LAST_4;
      case SAME_LENGTH -> MaskStyle.SAME_LENGTH;
    };
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
