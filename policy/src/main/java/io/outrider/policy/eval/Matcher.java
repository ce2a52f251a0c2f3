package io.outrider.policy.eval;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// Holds a value against a pattern and binds the pattern's open variables to its parts.
abstract class Matcher {
  static final int NO = 0;
  static final int YES = 1;

  /// Something unknown was compared: it may match.
  static final int MAYBE = 2;

  /// Matches a value that is neither null nor unknown.
  abstract int match(Eval cx, Frame f, RegoValue value);

  /// Binds every open variable to the unknown value.
  void matchUnknown(Frame f) {}

  final int matchAny(Eval cx, Frame f, RegoValue value) {
    if (value == Unknown.VALUE) {
      matchUnknown(f);
      return MAYBE;
    }
    return match(cx, f, value);
  }

  /// A variable, free or not cared for.
  static final class Bind extends Matcher {
    final int slot;

    Bind(int slot) {
      this.slot = slot;
    }

    @Override
    int match(Eval cx, Frame f, RegoValue value) {
      f.slots[slot] = value;
      return YES;
    }

    @Override
    void matchUnknown(Frame f) {
      f.slots[slot] = Unknown.VALUE;
    }
  }

  /// Something with a value of its own.
  static final class Equal extends Matcher {
    final Node node;

    Equal(Node node) {
      this.node = node;
    }

    @Override
    int match(Eval cx, Frame f, RegoValue value) {
      RegoValue own = node.eval(cx, f);
      if (own == null) {
        return NO;
      }
      if (own == Unknown.VALUE) {
        return MAYBE;
      }
      return own.equals(value) ? YES : NO;
    }
  }

  static final class Items extends Matcher {
    private final Matcher[] items;

    Items(Matcher[] items) {
      this.items = items;
    }

    @Override
    int match(Eval cx, Frame f, RegoValue value) {
      if (!(value instanceof RegoArray array) || array.size() != items.length) {
        return NO;
      }
      int result = YES;
      for (int i = 0; i < items.length; i++) {
        int one = items[i].matchAny(cx, f, array.get(i));
        if (one == NO) {
          return NO;
        }
        result |= one;
      }
      return (result & MAYBE) != 0 ? MAYBE : YES;
    }

    @Override
    void matchUnknown(Frame f) {
      for (Matcher item : items) {
        item.matchUnknown(f);
      }
    }
  }

  static final class Fields extends Matcher {
    private final Node[] keys;
    private final Matcher[] values;

    Fields(Node[] keys, Matcher[] values) {
      this.keys = keys;
      this.values = values;
    }

    @Override
    int match(Eval cx, Frame f, RegoValue value) {
      if (!(value instanceof RegoObject object) || object.size() != keys.length) {
        return NO;
      }
      int result = YES;
      for (int i = 0; i < keys.length; i++) {
        RegoValue key = keys[i].eval(cx, f);
        if (key == Unknown.VALUE) {
          values[i].matchUnknown(f);
          result |= MAYBE;
          continue;
        }
        RegoValue field = key == null ? null : object.get(key);
        int one = field == null ? NO : values[i].matchAny(cx, f, field);
        if (one == NO) {
          return NO;
        }
        result |= one;
      }
      return (result & MAYBE) != 0 ? MAYBE : YES;
    }

    @Override
    void matchUnknown(Frame f) {
      for (Matcher value : values) {
        value.matchUnknown(f);
      }
    }
  }

  /// Never matches; stands for a pattern that no value can have.
  static final class Never extends Matcher {
    @Override
    int match(Eval cx, Frame f, @Nullable RegoValue value) {
      return NO;
    }
  }
}
