package io.outrider.policy.eval;

import io.outrider.policy.value.RegoArray;
import io.outrider.policy.value.RegoObject;
import io.outrider.policy.value.RegoSet;
import io.outrider.policy.value.RegoString;
import io.outrider.policy.value.RegoValue;
import org.jspecify.annotations.Nullable;

/// Measures what an evaluation gives out.
///
/// Values share their parts, so thirty rules of the form `p := [q, q]` cost a few steps and print
/// as a gigabyte. Whoever writes a value out must be safe from that.
final class Output {
  /// Decisions are some kilobytes; a document of this size is a mistake or an attack.
  static final long MAX_SIZE = 4L * 1024 * 1024;

  private long left = MAX_SIZE;

  private Output() {}

  /// The value itself, if it may be given out.
  static @Nullable RegoValue checked(@Nullable RegoValue value) {
    if (value != null) {
      new Output().measure(value);
    }
    return value;
  }

  private void measure(RegoValue value) {
    left -= value instanceof RegoString s ? 1 + s.value().length() : 1;
    if (left < 0) {
      throw new EvalException(
          EvalException.Kind.TOO_BIG,
          "eval_output_limit_error",
          "more than " + MAX_SIZE + " elements and characters in one document",
          null);
    }
    switch (value) {
      case RegoArray array -> {
        for (int i = 0; i < array.size(); i++) {
          measure(array.get(i));
        }
      }
      case RegoSet set -> {
        for (int i = 0; i < set.size(); i++) {
          measure(set.get(i));
        }
      }
      case RegoObject object -> {
        for (int i = 0; i < object.size(); i++) {
          measure(object.keyAt(i));
          measure(object.valueAt(i));
        }
      }
      default -> {}
    }
  }
}
