package io.outrider.proxy;

import io.micrometer.core.instrument.MeterRegistry;
import io.outrider.audit.AuditLog;
import io.outrider.enforce.LiveRules;
import io.outrider.settings.Settings;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What a proxy is made of. The caller owns `audit` and closes it after the proxy.
///
/// @param rules the rules in force; replace them while the proxy runs
/// @param clock wall clock, for records and policies
/// @param nanoTime monotonic clock, for deadlines and latencies
public record OutriderParts(
    Settings settings,
    LiveRules rules,
    AuditLog audit,
    MeterRegistry meters,
    InstantSource clock,
    LongSupplier nanoTime) {

  /// With the clocks of this machine.
  public static OutriderParts of(
      Settings settings, LiveRules rules, AuditLog audit, MeterRegistry meters) {
    return new OutriderParts(
        settings, rules, audit, meters, InstantSource.system(), System::nanoTime);
  }
}
