package io.outrider.settings;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// Which secrets are taken out of what passes.
///
/// @param rules `builtin`, and paths of rule files, in order
/// @param directions where they apply; empty turns redaction of traffic off (the audit log and the
///   operator's log stay covered)
/// @param onMatch what happens to a match whose rule does not say
/// @param mask what stands in the place of a masked value whose rule does not say
/// @param detectors names of opt-in detectors switched on, such as `email`
/// @param treatments what happens to a match instead, by rule, direction and place; the first that
///   fits counts
public record RedactionSettings(
    List<String> rules,
    Set<Direction> directions,
    OnMatch onMatch,
    Mask mask,
    Set<String> detectors,
    List<Treatment> treatments) {
  /// The name of the rules that ship with Outrider.
  public static final String BUILTIN = "builtin";

  public RedactionSettings {
    rules = List.copyOf(rules);
    directions = Set.copyOf(directions);
    detectors = Set.copyOf(detectors);
    treatments = List.copyOf(treatments);
    rules.forEach(rule -> Checks.notBlank("redaction.rules", rule));
  }

  /// The built-in rules, both ways, masking.
  public static RedactionSettings defaults() {
    return new RedactionSettings(
        List.of(BUILTIN),
        EnumSet.allOf(Direction.class),
        OnMatch.MASK,
        Mask.LABEL,
        Set.of(),
        List.of());
  }

  /// Which way a message goes.
  public enum Direction {
    /// From a client to a server.
    REQUEST,
    /// From a server to a client.
    RESPONSE
  }

  /// What stands in the place of a masked value.
  public enum Mask {
    /// A mark that names the rule.
    LABEL,
    /// The same with the last four characters of a long value.
    KEEP_LAST_4,
    /// As many stars as the value had bytes.
    SAME_LENGTH
  }

  /// What happens to matches in some places. An empty set fits everything.
  ///
  /// @param rules ids of rules or names of groups
  /// @param directions which way the message goes
  /// @param upstreams names of servers
  /// @param tools names of tools
  /// @param principals ids of callers
  /// @param paths JSON pointers into the message, a segment `*` for any; what is below counts too
  /// @param action what happens
  public record Treatment(
      Set<String> rules,
      Set<Direction> directions,
      Set<String> upstreams,
      Set<String> tools,
      Set<String> principals,
      List<String> paths,
      Then action) {
    public Treatment {
      rules = Set.copyOf(rules);
      directions = Set.copyOf(directions);
      upstreams = Set.copyOf(upstreams);
      tools = Set.copyOf(tools);
      principals = Set.copyOf(principals);
      paths = List.copyOf(paths);
      Objects.requireNonNull(action);
      for (String path : paths) {
        if (!path.startsWith("/")) {
          throw new IllegalArgumentException(
              "redaction.treatments.paths: "
                  + path
                  + " (expected: a JSON pointer, such as /result/a)");
        }
      }
    }
  }

  /// What a [Treatment] does.
  public enum Then {
    /// As [OnMatch#MASK].
    MASK,
    /// As [OnMatch#BLOCK].
    BLOCK,
    /// As [OnMatch#TOKENISE].
    TOKENISE,
    /// As [OnMatch#ALERT].
    ALERT,
    /// It is no match: it passes, and is not recorded.
    IGNORE
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
