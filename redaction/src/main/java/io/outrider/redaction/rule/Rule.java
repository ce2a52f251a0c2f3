package io.outrider.redaction.rule;

import io.outrider.redaction.match.Regex;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One rule as it was read. Immutable.
///
/// @param id unique within a rule set
/// @param description what it finds, in words
/// @param kind how it finds
/// @param regex what it looks for; empty unless the kind is [Kind#REGEX]
/// @param secretGroup the group that holds the secret; 0 for the first that is not empty, or else
///   the whole match
/// @param entropy a secret with no more bits per character than this is no secret; 0 for no such
///   test
/// @param keywords lower-case words, one of which a text with a match holds
/// @param names for [Kind#KEY]: member names whose values are secret, in lower case without
///   separators; for [Kind#NATIONAL_ID]: which numbers
/// @param except for [Kind#KEY]: member names that only look like it
/// @param allowlists what is not a secret after all
/// @param settings what gitleaks has no word for
/// @param samples texts the rule must and must not find something in
/// @param origin where it stands
public record Rule(
    String id,
    String description,
    Kind kind,
    Optional<Regex> regex,
    int secretGroup,
    double entropy,
    List<String> keywords,
    Set<String> names,
    Set<String> except,
    List<Allowlist> allowlists,
    Settings settings,
    Samples samples,
    Origin origin) {

  Rule withAllowlists(List<Allowlist> lists) {
    return new Rule(
        id,
        description,
        kind,
        regex,
        secretGroup,
        entropy,
        keywords,
        names,
        except,
        List.copyOf(lists),
        settings,
        samples,
        origin);
  }

  /// How a rule finds.
  public enum Kind {
    /// By a regular expression.
    REGEX,
    /// By the name of the JSON member that holds the value.
    KEY,
    /// By code: payment cards.
    CARD,
    /// By code: international bank account numbers.
    IBAN,
    /// By code: telephone numbers.
    PHONE,
    /// By code: IPv4 and IPv6 addresses.
    IP,
    /// By code: e-mail addresses.
    EMAIL,
    /// By code: numbers that a state gives its people; the names say which.
    NATIONAL_ID
  }

  /// What gitleaks has no word for.
  ///
  /// @param group the family of the rule
  /// @param optIn whether the rule works only where its group is asked for
  /// @param action `alert`, `mask`, `tokenise` or `block`; `""` for what the options say
  /// @param validate name of the test a match must pass; `""` for none
  /// @param extend whether a found secret is grown to the right over the rest of its run of token
  ///   characters
  /// @param numbers for [Kind#KEY]: whether a number of at least three digits under such a name is
  ///   secret too
  /// @param within whether a match must lie inside one string: for rules about `name = value` in
  ///   text, which must not take a member of a JSON object for one
  /// @param mask what stands in the place of a value: `label`, `keep-last-4` or `same-length`; `""`
  ///   for what the options say
  public record Settings(
      String group,
      boolean optIn,
      String action,
      String validate,
      boolean extend,
      boolean numbers,
      boolean within,
      String mask) {}

  /// Texts that show what a rule finds. `{hex:8}` and its kind are filled in by whoever runs them,
  /// so that no file holds anything that looks like a live secret.
  public record Samples(List<String> positive, List<String> negative) {
    static final Samples NONE = new Samples(List.of(), List.of());
  }

  /// Where a rule stands.
  public record Origin(String source, int line) {}
}
