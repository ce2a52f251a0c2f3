package io.outrider.policy.eval;

import io.outrider.policy.compile.Paths;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A document with a constant path that no rule defines: below `input`, in base data, or below an
/// argument of a function. Places with the same root and path are equal.
record Place(Root root, int argument, List<RegoValue> path) {
  enum Root {
    INPUT,
    DATA,
    ARGUMENT
  }

  Place {
    path = List.copyOf(path);
  }

  /// `input.a.b`.
  String text() {
    return Paths.join(root == Root.DATA ? "data" : "input", path);
  }

  /// Looks places up for one evaluation of one rule set, each at most once.
  static final class Values {
    /// Stands for "looked up, and nothing there".
    private static final RegoValue NOTHING = RegoString.of("\u0000nothing\u0000");

    private final Reader[] readers;
    private final @Nullable RegoValue[] known;
    private final RegoValue @Nullable [] arguments;

    Values(Reader[] readers, RegoValue @Nullable [] arguments) {
      this.readers = readers;
      this.known = new RegoValue[readers.length];
      this.arguments = arguments;
    }

    RegoValue @Nullable [] arguments() {
      return arguments;
    }

    /// The value of a place, null for undefined, or [Unknown#VALUE].
    @Nullable RegoValue get(Eval cx, int place) {
      RegoValue value = known[place];
      if (value == null) {
        value = readers[place].read(cx, arguments);
        known[place] = value == null ? NOTHING : value;
        return value;
      }
      return value == NOTHING ? null : value;
    }
  }

  /// Reads one place.
  static final class Reader {
    private static final Frame NO_FRAME = new Frame(0);

    private final Node node;
    private final int argument;
    private final RegoValue[] path;
    private final @Nullable String[] names;

    Reader(Place place) {
      this.path = place.path.toArray(new RegoValue[0]);
      this.names = Nodes.names(path);
      this.argument = place.root == Root.ARGUMENT ? place.argument : -1;
      this.node =
          place.root == Root.DATA ? new Nodes.Base(place.path) : new Nodes.Input(place.path);
    }

    @Nullable RegoValue read(Eval cx, RegoValue @Nullable [] arguments) {
      if (argument < 0) {
        return node.eval(cx, NO_FRAME);
      }
      RegoValue value = arguments == null ? null : arguments[argument];
      return value == null || value == Unknown.VALUE ? value : Nodes.follow(value, path, names, 0);
    }
  }
}
