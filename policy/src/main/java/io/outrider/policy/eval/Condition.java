package io.outrider.policy.eval;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the value at a [Place] must be for a rule to hold, as far as one look at it tells.
sealed interface Condition {
  /// Whether a value that is neither undefined nor unknown meets it.
  boolean holds(RegoValue value);

  /// The rule needs the place to have some value.
  record Defined() implements Condition {
    @Override
    public boolean holds(RegoValue value) {
      return true;
    }
  }

  /// `place == value`, or `place in {values}`.
  record OneOf(Set<RegoValue> values) implements Condition {
    public OneOf {
      values = Set.copyOf(values);
    }

    @Override
    public boolean holds(RegoValue value) {
      return values.contains(value);
    }
  }

  /// `place = [a, x, 1]`: an array of so many items, with constants where they are not null.
  record Shape(@Nullable RegoValue[] items) implements Condition {
    @Override
    public boolean holds(RegoValue value) {
      if (!(value instanceof RegoArray array) || array.size() != items.length) {
        return false;
      }
      for (int i = 0; i < items.length; i++) {
        RegoValue item = items[i];
        if (item != null && !item.equals(array.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /// `value in place`, or `place[_] == value`.
  record Holds(RegoValue element) implements Condition {
    @Override
    public boolean holds(RegoValue value) {
      return switch (value) {
        case RegoSet set -> set.contains(element);
        case RegoArray array -> array.contains(element);
        case RegoObject object -> {
          for (int i = 0; i < object.size(); i++) {
            if (object.valueAt(i).equals(element)) {
              yield true;
            }
          }
          yield false;
        }
        default -> false;
      };
    }
  }

  /// The place is text that begins (or ends) with one of these. What is not text is left to the
  /// rule, which may have an error to report.
  record Affix(List<String> texts, boolean suffix) implements Condition {
    public Affix {
      texts = List.copyOf(texts);
    }

    @Override
    public boolean holds(RegoValue value) {
      if (!(value instanceof RegoString text)) {
        return true;
      }
      for (String affix : texts) {
        if (suffix ? text.value().endsWith(affix) : text.value().startsWith(affix)) {
          return true;
        }
      }
      return false;
    }
  }
}
