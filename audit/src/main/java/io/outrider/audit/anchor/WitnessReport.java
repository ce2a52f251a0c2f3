package io.outrider.audit.anchor;

import java.time.Instant;
import java.util.Optional;

/// How it stands with one witness.
///
/// @param witness its name in the configuration or policy
/// @param cosigned when it cosigned last, by its own clock
/// @param size records of the checkpoint it cosigned last; 0 if it never did
/// @param trouble why it did not cosign at the last try; empty if it did
/// @param contradicts whether what it says cannot be true of a log that only ever grew: the log was
///   cut or put back, or there are two of it
public record WitnessReport(
    String witness, Optional<Instant> cosigned, long size, String trouble, boolean contradicts) {

  /// Nothing is known yet.
  static WitnessReport unknown(String witness) {
    return new WitnessReport(witness, Optional.empty(), 0, "not asked yet", false);
  }

  WitnessReport failed(String why) {
    return new WitnessReport(witness, cosigned, size, why, false);
  }

  WitnessReport contradicted(String why) {
    return new WitnessReport(witness, cosigned, size, why, true);
  }
}
