package io.outrider.redaction;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// How the rules of a [RuleSet] are used.
///
/// @param groups opt-in groups that are on, such as `email` or `card`
/// @param actions action per rule id or group, overriding what the rule says; a rule id beats a
///   group
/// @param usual what is done about a match of a rule that does not say
/// @param mask what stands in the place of a masked string
/// @param secretInKey what happens when a secret is found in the name of a member, which cannot be
///   edited: [Action#BLOCK] or [Action#ALERT]
/// @param maxFindings a message with more findings than this is blocked. 1000 is far above what
///   real answers hold and bounds the work that a flood can cause.
/// @param tokenKey key of the HMAC behind [Action#TOKENISE]; empty for one drawn at random when the
///   redactor is compiled
public record RedactionOptions(
    Set<String> groups,
    Map<String, Action> actions,
    Action usual,
    MaskStyle mask,
    Action secretInKey,
    int maxFindings,
    TokenKey tokenKey) {
  /// The default of [#maxFindings].
  public static final int DEFAULT_MAX_FINDINGS = 1000;

  private static final RedactionOptions DEFAULTS =
      new RedactionOptions(
          Set.of(),
          Map.of(),
          Action.MASK,
          MaskStyle.LABEL,
          Action.BLOCK,
          DEFAULT_MAX_FINDINGS,
          TokenKey.RANDOM);

  public RedactionOptions {
    groups = Set.copyOf(groups);
    actions = Map.copyOf(actions);
    Objects.requireNonNull(usual);
    Objects.requireNonNull(mask);
    Objects.requireNonNull(tokenKey);
    if (secretInKey != Action.BLOCK && secretInKey != Action.ALERT) {
      throw new IllegalArgumentException(
          "secretInKey: " + secretInKey + " (expected: BLOCK or ALERT)");
    }
    if (maxFindings < 1) {
      throw new IllegalArgumentException("maxFindings: " + maxFindings + " (expected: > 0)");
    }
  }

  /// Labels as masks, no opt-in group, every rule as it was written.
  public static RedactionOptions defaults() {
    return DEFAULTS;
  }

  /// The same with these opt-in groups on.
  public RedactionOptions withGroups(Set<String> on) {
    return new RedactionOptions(on, actions, usual, mask, secretInKey, maxFindings, tokenKey);
  }

  /// The same with these actions.
  public RedactionOptions withActions(Map<String, Action> override) {
    return new RedactionOptions(groups, override, usual, mask, secretInKey, maxFindings, tokenKey);
  }

  /// The same with this action for rules that do not say.
  public RedactionOptions withUsual(Action action) {
    return new RedactionOptions(groups, actions, action, mask, secretInKey, maxFindings, tokenKey);
  }

  /// The same with this mask.
  public RedactionOptions withMask(MaskStyle style) {
    return new RedactionOptions(groups, actions, usual, style, secretInKey, maxFindings, tokenKey);
  }

  /// The same with this answer to a secret in the name of a member.
  public RedactionOptions withSecretInKey(Action action) {
    return new RedactionOptions(groups, actions, usual, mask, action, maxFindings, tokenKey);
  }

  /// The same with this cap.
  public RedactionOptions withMaxFindings(int cap) {
    return new RedactionOptions(groups, actions, usual, mask, secretInKey, cap, tokenKey);
  }

  /// The same with this key.
  public RedactionOptions withTokenKey(TokenKey key) {
    return new RedactionOptions(groups, actions, usual, mask, secretInKey, maxFindings, key);
  }
}
