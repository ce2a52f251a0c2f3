package io.outrider.audit.drill;

import io.outrider.audit.proof.TreeHasher;
import org.jspecify.annotations.Nullable;

/// One record of a copy.
///
/// @param leaf null if the record was pruned
/// @param annex the openings kept for it
record Entry(byte @Nullable [] leaf, byte[] hash, byte[] annex) {

  static Entry of(byte[] leaf, byte[] annex) {
    return new Entry(leaf, new TreeHasher().leaf(leaf), annex);
  }
}
