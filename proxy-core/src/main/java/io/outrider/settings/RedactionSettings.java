package io.outrider.settings;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Which secrets are taken out of what passes.
///
/// @param rules `builtin`, and paths of rule files, in order
/// @param directions where they apply; empty turns redaction of traffic off (the audit log and the
///   operator's log stay covered)
/// @param onMatch what happens to a match whose rule does not say
/// @param detectors names of opt-in detectors switched on, such as `email`
public record RedactionSettings(
    List<String> rules, Set<Direction> directions, OnMatch onMatch, Set<String> detectors) {
  /// The name of the rules that ship with Outrider.
  public static final String BUILTIN = "builtin";

  public RedactionSettings {
    rules = List.copyOf(rules);
    directions = Set.copyOf(directions);
    detectors = Set.copyOf(detectors);
    rules.forEach(rule -> Checks.notBlank("redaction.rules", rule));
  }

  /// The built-in rules, both ways, masking.
  public static RedactionSettings defaults() {
    return new RedactionSettings(
        List.of(BUILTIN), EnumSet.allOf(Direction.class), OnMatch.MASK, Set.of());
  }

  /// Which way a message goes.
  public enum Direction {
    /// From a client to a server.
    REQUEST,
    /// From a server to a client.
    RESPONSE
  }

  /// What happens to a match.
  public enum OnMatch {
    /// It is replaced by a mark that names the rule.
    MASK,
    /// The message is refused or withheld.
    BLOCK,
    /// It is replaced by a token; equal secrets give equal tokens.
    TOKENISE,
    /// It passes, and is recorded.
    ALERT
  }
}
