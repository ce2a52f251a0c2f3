package io.outrider.redaction;

/// What happens to a value that a rule found. The order is the order of strength: when two rules
/// find the same bytes, the later constant wins.
public enum Action {
  /// The value passes; the finding is reported.
  ALERT,
  /// The value is replaced by a mask that names the rule.
  MASK,
  /// The value is replaced by a keyed token: equal values give equal tokens for one key.
  TOKENISE,
  /// The whole message is refused.
  BLOCK
}
