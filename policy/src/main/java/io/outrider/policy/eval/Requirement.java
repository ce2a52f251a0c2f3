package io.outrider.policy.eval;

import io.outrider.policy.syntax.Span;
import org.jspecify.annotations.Nullable;

/// A condition on a place, and the expression it was read from.
///
/// @param key for `place[key]`: the place whose value must be a key of the object, or a member of
///   the set, at `place`; otherwise null
record Requirement(Place place, @Nullable Place key, Condition condition, Span at) {}
