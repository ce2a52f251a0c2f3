package io.outrider.audit.verify;

import java.time.Instant;
import java.util.Comparator;

/// Somebody else's word that a checkpoint existed at some time.
///
/// @param kind `witness`, or another way of anchoring
/// @param by who says so
/// @param size records the checkpoint covers
/// @param time when, by that party's clock
/// @param checked whether that party's signature was checked with a key from elsewhere; if not,
///   anybody may have written it
public record Anchor(String kind, String by, long size, Instant time, boolean checked) {
  static final Comparator<Anchor> NEWEST_FIRST =
      Comparator.comparing(Anchor::checked).thenComparing(Anchor::time).reversed();
}
