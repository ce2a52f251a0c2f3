package io.outrider.audit.drill;

import io.outrider.audit.format.FormatException;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// One way to spoil a log.
///
/// @param name names it in reports; never changes
/// @param insider whether it takes the private key of the log
/// @param needs what a log must have so that it can be done
record Tampering(String name, boolean insider, String needs, Act act) {

  /// Spoils a copy; empty if it has not what that needs.
  @FunctionalInterface
  interface Act {
    Optional<Tampered> on(Specimen log, RandomGenerator random) throws FormatException;
  }
}
