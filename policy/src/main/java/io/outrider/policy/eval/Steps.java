package io.outrider.policy.eval;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoBoolean;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// The steps bodies are made of.
final class Steps {
  private Steps() {}

  /// Holds unless the term is undefined or false.
  static final class Test extends Step {
    private final Node node;

    Test(Node node) {
      this.node = node;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = node.eval(cx, f);
      if (value == null || value == RegoBoolean.FALSE) {
        return false;
      }
      return value == Unknown.VALUE ? possibly(cx, f) : next.run(cx, f);
    }
  }

  /// Never holds.
  static final class Fail extends Step {
    @Override
    boolean run(Eval cx, Frame f) {
      return false;
    }
  }

  /// Gives a slot its value.
  static final class Bind extends Step {
    private final int slot;
    private final Node node;

    Bind(int slot, Node node) {
      this.slot = slot;
      this.node = node;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = node.eval(cx, f);
      if (value == null) {
        return false;
      }
      f.slots[slot] = value;
      return value == Unknown.VALUE ? possibly(cx, f) : next.run(cx, f);
    }
  }

  /// Two terms have equal values.
  static final class Equal extends Step {
    private final Node left;
    private final Node right;

    Equal(Node left, Node right) {
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue a = left.eval(cx, f);
      if (a == null) {
        return false;
      }
      RegoValue b = right.eval(cx, f);
      if (b == null) {
        return false;
      }
      if (a == Unknown.VALUE || b == Unknown.VALUE) {
        return possibly(cx, f);
      }
      return a.equals(b) && next.run(cx, f);
    }
  }

  /// Takes a value apart.
  static final class Match extends Step {
    private final Node node;
    private final Matcher pattern;

    Match(Node node, Matcher pattern) {
      this.node = node;
      this.pattern = pattern;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = node.eval(cx, f);
      if (value == null) {
        return false;
      }
      return switch (pattern.matchAny(cx, f, value)) {
        case Matcher.NO -> false;
        case Matcher.YES -> next.run(cx, f);
        default -> possibly(cx, f);
      };
    }
  }

  /// Goes through the elements of a collection.
  static final class Each extends Step {
    private final Node collection;
    private final Matcher key;
    private final int slot;

    /// @param slot where the element goes
    Each(Node collection, Matcher key, int slot) {
      this.collection = collection;
      this.key = key;
      this.slot = slot;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = collection.eval(cx, f);
      if (value == null) {
        return false;
      }
      if (value == Unknown.VALUE) {
        key.matchUnknown(f);
        f.slots[slot] = Unknown.VALUE;
        return possibly(cx, f);
      }
      return switch (value) {
        case RegoArray array -> {
          for (int i = 0; i < array.size(); i++) {
            if (visit(cx, f, RegoNumber.of(i), array.get(i))) {
              yield true;
            }
          }
          yield false;
        }
        case RegoObject object -> {
          for (int i = 0; i < object.size(); i++) {
            if (visit(cx, f, object.keyAt(i), object.valueAt(i))) {
              yield true;
            }
          }
          yield false;
        }
        case RegoSet set -> {
          for (int i = 0; i < set.size(); i++) {
            RegoValue member = set.get(i);
            if (visit(cx, f, member, member)) {
              yield true;
            }
          }
          yield false;
        }
        default -> false;
      };
    }

    private boolean visit(Eval cx, Frame f, RegoValue k, RegoValue element) {
      cx.tick();
      f.slots[slot] = element;
      return switch (key.match(cx, f, k)) {
        case Matcher.NO -> false;
        case Matcher.YES -> next.run(cx, f);
        default -> possibly(cx, f);
      };
    }
  }

  /// A known value is among the elements of a collection; once for each place where it is.
  static final class Among extends Step {
    private final Node item;
    private final Node collection;

    Among(Node item, Node collection) {
      this.item = item;
      this.collection = collection;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = item.eval(cx, f);
      RegoValue in = value == null ? null : collection.eval(cx, f);
      if (value == null || in == null) {
        return false;
      }
      if (in == Unknown.VALUE || value == Unknown.VALUE) {
        return possibly(cx, f);
      }
      return switch (in) {
        case RegoSet set -> set.contains(value) && next.run(cx, f);
        case RegoArray array -> {
          for (int i = 0; i < array.size(); i++) {
            cx.tick();
            if (array.get(i).equals(value) && next.run(cx, f)) {
              yield true;
            }
          }
          yield false;
        }
        case RegoObject object -> {
          for (int i = 0; i < object.size(); i++) {
            cx.tick();
            if (object.valueAt(i).equals(value) && next.run(cx, f)) {
              yield true;
            }
          }
          yield false;
        }
        default -> false;
      };
    }
  }

  /// The end of a body whose only question is whether it has a solution.
  static final class Found extends Step {
    @Override
    boolean run(Eval cx, Frame f) {
      if (cx.maybe) {
        f.unknown = true;
        return false;
      }
      return true;
    }
  }

  /// Whether a body that ends in [Found] has a solution: one of the constants of [Matcher].
  static int holds(Step body, Eval cx, Frame f) {
    boolean maybe = cx.maybe;
    boolean unknown = f.unknown;
    cx.maybe = false;
    f.unknown = false;
    boolean certain = body.run(cx, f);
    boolean possible = f.unknown;
    cx.maybe = maybe;
    f.unknown = unknown;
    return certain ? Matcher.YES : possible ? Matcher.MAYBE : Matcher.NO;
  }

  static final class Not extends Step {
    private final Step body;

    Not(Step body) {
      this.body = body;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      return switch (holds(body, cx, f)) {
        case Matcher.YES -> false;
        case Matcher.NO -> next.run(cx, f);
        default -> possibly(cx, f);
      };
    }
  }

  /// `left and right`, `left or right`, or a body alone (`right` null).
  static final class Holds extends Step {
    private final boolean all;
    private final Step left;
    private final @Nullable Step right;

    Holds(boolean all, Step left, @Nullable Step right) {
      this.all = all;
      this.left = left;
      this.right = right;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      int result = holds(left, cx, f);
      Step other = right;
      if (other != null && result != (all ? Matcher.NO : Matcher.YES)) {
        int second = holds(other, cx, f);
        result = all ? and(result, second) : or(result, second);
      }
      return switch (result) {
        case Matcher.NO -> false;
        case Matcher.YES -> next.run(cx, f);
        default -> possibly(cx, f);
      };
    }

    private static int and(int a, int b) {
      return a == Matcher.NO || b == Matcher.NO
          ? Matcher.NO
          : a == Matcher.YES && b == Matcher.YES ? Matcher.YES : Matcher.MAYBE;
    }

    private static int or(int a, int b) {
      return a == Matcher.YES || b == Matcher.YES
          ? Matcher.YES
          : a == Matcher.NO && b == Matcher.NO ? Matcher.NO : Matcher.MAYBE;
    }
  }

  static final class Every extends Step {
    private final Node domain;
    private final int keySlot;
    private final int valueSlot;
    private final Step body;

    /// @param keySlot negative when the key is not asked for
    Every(Node domain, int keySlot, int valueSlot, Step body) {
      this.domain = domain;
      this.keySlot = keySlot;
      this.valueSlot = valueSlot;
      this.body = body;
    }

    @Override
    boolean run(Eval cx, Frame f) {
      RegoValue value = domain.eval(cx, f);
      if (value == null) {
        return false;
      }
      if (value == Unknown.VALUE) {
        return possibly(cx, f);
      }
      int result = Matcher.YES;
      switch (value) {
        case RegoArray array -> {
          for (int i = 0; i < array.size() && result != Matcher.NO; i++) {
            result = both(result, one(cx, f, RegoNumber.of(i), array.get(i)));
          }
        }
        case RegoObject object -> {
          for (int i = 0; i < object.size() && result != Matcher.NO; i++) {
            result = both(result, one(cx, f, object.keyAt(i), object.valueAt(i)));
          }
        }
        case RegoSet set -> {
          for (int i = 0; i < set.size() && result != Matcher.NO; i++) {
            result = both(result, one(cx, f, set.get(i), set.get(i)));
          }
        }
        default -> {
          return false;
        }
      }
      return switch (result) {
        case Matcher.NO -> false;
        case Matcher.YES -> next.run(cx, f);
        default -> possibly(cx, f);
      };
    }

    private static int both(int a, int b) {
      return b == Matcher.YES ? a : b;
    }

    private int one(Eval cx, Frame f, RegoValue key, RegoValue element) {
      cx.tick();
      if (keySlot >= 0) {
        f.slots[keySlot] = key;
      }
      f.slots[valueSlot] = element;
      return holds(body, cx, f);
    }
  }
}
