package io.outrider.audit.drill;

import io.outrider.audit.format.VerifierKey;
import java.util.List;
import java.util.Optional;

/// A spoilt copy of a log.
///
/// @param what was done, in the imperative
/// @param key what the verifier is given
/// @param saved checkpoints that somebody kept elsewhere, and gives it too
public record Tampered(String what, MemoryLog log, VerifierKey key, List<byte[]> saved) {

  static Optional<Tampered> of(String what, Specimen original, MemoryLog log) {
    return Optional.of(new Tampered(what, log, original.key(), List.of()));
  }
}
