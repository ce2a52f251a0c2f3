package io.outrider.redaction;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What becomes of findings in one message, where that depends on whose message it is.
///
/// An implementation must be thread-safe if it is shared.
public interface Handling {
  /// Everything as the rules and the options say.
  Handling USUAL =
      new Handling() {
        @Override
        public Action action(String rule, String group, Action usual, Supplier<String> pointer) {
          return usual;
        }
      };

  /// For what is written down: whatever was found is masked, also what only tells or blocks.
  Handling FOR_RECORDS =
      new Handling() {
        @Override
        public Action action(String rule, String group, Action usual, Supplier<String> pointer) {
          return usual == Action.TOKENISE ? Action.TOKENISE : Action.MASK;
        }
      };

  /// What is done about a value, or null to take it for no finding at all.
  ///
  /// @param rule the id of the rule that found it
  /// @param group the group of the rule
  /// @param usual what the rule and the options say
  /// @param pointer gives the JSON pointer of the string or number that holds the value
  @Nullable Action action(String rule, String group, Action usual, Supplier<String> pointer);

  /// Names the scope within which equal values give equal tokens. Tokens of two scopes cannot be
  /// compared.
  default String scope() {
    return "";
  }

  /// How strings are masked whatever the rules and the options say, tokens included; null leaves it
  /// to them.
  default @Nullable MaskStyle mask() {
    return null;
  }

  /// The same, with every string masked in one way.
  default Handling masking(MaskStyle style) {
    Handling same = this;
    return new Handling() {
      @Override
      public @Nullable Action action(
          String rule, String group, Action usual, Supplier<String> pointer) {
        return same.action(rule, group, usual, pointer);
      }

      @Override
      public String scope() {
        return same.scope();
      }

      @Override
      public MaskStyle mask() {
        return style;
      }

      @Override
      public void tokenised(String token, String value) {
        same.tokenised(token, value);
      }
    };
  }

  /// Hears of every token that was written for [Action#TOKENISE], with what it stands for.
  default void tokenised(String token, String value) {}
}
