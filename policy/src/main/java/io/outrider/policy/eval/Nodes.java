package io.outrider.policy.eval;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoNumber;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Terms without calls into rules: constants, variables, look-ups, literals.
final class Nodes {
  private Nodes() {}

  /// What `base[key]` is; null where there is nothing.
  static @Nullable RegoValue get(RegoValue base, RegoValue key) {
    return switch (base) {
      case RegoObject o -> o.get(key);
      case RegoArray a -> {
        if (key instanceof RegoNumber n && n.isLong()) {
          long index = n.asLong();
          yield index >= 0 && index < a.size() ? a.get((int) index) : null;
        }
        yield null;
      }
      case RegoSet s -> s.contains(key) ? key : null;
      default -> null;
    };
  }

  static final class Constant extends Node {
    private final RegoValue value;

    Constant(RegoValue value) {
      this.value = value;
    }

    @Override
    RegoValue eval(Eval cx, Frame f) {
      return value;
    }

    @Override
    RegoValue constant() {
      return value;
    }
  }

  static final class Slot extends Node {
    final int slot;

    Slot(int slot) {
      this.slot = slot;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      return f.slots[slot];
    }
  }

  /// `input.a.b`, with constant keys.
  static final class Input extends Node {
    private final RegoValue[] path;
    private final @Nullable String[] names;

    Input(List<RegoValue> path) {
      this.path = path.toArray(new RegoValue[0]);
      this.names = names(this.path);
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      Env env = cx.env;
      Unknown unknowns = env.unknowns;
      if (unknowns != null && unknowns.covers(path)) {
        cx.touched = true;
        return Unknown.VALUE;
      }
      RegoValue value = env.input;
      return value == null ? null : follow(value, path, names, 0);
    }

    RegoValue[] path() {
      return path;
    }
  }

  static @Nullable String[] names(RegoValue[] path) {
    @Nullable String[] names = new String[path.length];
    for (int i = 0; i < path.length; i++) {
      names[i] = path[i] instanceof RegoString s ? s.value() : null;
    }
    return names;
  }

  static @Nullable RegoValue follow(
      RegoValue start, RegoValue[] path, @Nullable String[] names, int from) {
    RegoValue value = start;
    for (int i = from; i < path.length; i++) {
      String name = names[i];
      RegoValue next =
          name != null && value instanceof RegoObject o ? o.get(name) : get(value, path[i]);
      if (next == null) {
        return null;
      }
      value = next;
    }
    return value;
  }

  /// `data.a.b` below which no rule stands, with constant keys.
  static final class Base extends Node {
    private final RegoValue[] path;
    private final @Nullable String[] names;

    Base(List<RegoValue> path) {
      this.path = path.toArray(new RegoValue[0]);
      this.names = names(this.path);
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoValue value = cx.env.data;
      for (int i = 0; i < path.length; i++) {
        String name = names[i];
        RegoValue next =
            name != null && value instanceof RegoObject o ? o.get(name) : get(value, path[i]);
        if (next == null && value instanceof RegoObject o && path[i] instanceof RegoNumber n) {
          // As in OPA's store: an index into an object of base data is the key with that text.
          next = o.get(n.text());
        }
        if (next == null) {
          return null;
        }
        value = next;
      }
      return value;
    }
  }

  /// `base.name`.
  static final class GetName extends Node {
    private final Node base;
    private final String name;
    private final RegoString key;

    GetName(Node base, RegoString key) {
      this.base = base;
      this.key = key;
      this.name = key.value();
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoValue value = base.eval(cx, f);
      if (value instanceof RegoObject o) {
        return o.get(name);
      }
      if (value == null || value == Unknown.VALUE) {
        return value;
      }
      return get(value, key);
    }
  }

  /// `base[key]`.
  static final class Get extends Node {
    private final Node base;
    private final Node key;

    Get(Node base, Node key) {
      this.base = base;
      this.key = key;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoValue value = base.eval(cx, f);
      if (value == null || value == Unknown.VALUE) {
        return value;
      }
      RegoValue k = key.eval(cx, f);
      if (k == null || k == Unknown.VALUE) {
        return k;
      }
      return get(value, k);
    }
  }

  static final class ArrayOf extends Node {
    private final Node[] items;

    ArrayOf(Node[] items) {
      this.items = items;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoValue[] values = new RegoValue[items.length];
      for (int i = 0; i < items.length; i++) {
        RegoValue value = items[i].eval(cx, f);
        if (value == null || value == Unknown.VALUE) {
          return value;
        }
        values[i] = value;
      }
      return RegoArray.of(values);
    }
  }

  static final class SetOf extends Node {
    private final Node[] items;

    SetOf(Node[] items) {
      this.items = items;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoSet.Builder set = RegoSet.builder(items.length);
      for (Node item : items) {
        RegoValue value = item.eval(cx, f);
        if (value == null || value == Unknown.VALUE) {
          return value;
        }
        set.add(value);
      }
      return set.build();
    }
  }

  static final class ObjectOf extends Node {
    private final Node[] keys;
    private final Node[] values;

    ObjectOf(Node[] keys, Node[] values) {
      this.keys = keys;
      this.values = values;
    }

    @Override
    @Nullable RegoValue eval(Eval cx, Frame f) {
      RegoObject.Builder object = RegoObject.builder(keys.length);
      for (int i = 0; i < keys.length; i++) {
        RegoValue key = keys[i].eval(cx, f);
        if (key == null || key == Unknown.VALUE) {
          return key;
        }
        RegoValue value = values[i].eval(cx, f);
        if (value == null || value == Unknown.VALUE) {
          return value;
        }
        object.put(key, value);
      }
      return object.build();
    }
  }
}
