package io.outrider.app.serve;

import java.util.List;

/// Whether this process should be sent calls, and whether somebody should look.
///
/// Degraded is not unready: a policy file that broke on reload leaves the last good one in force,
/// and taking every sidecar out of service for it would turn a typo into an outage.
///
/// @param unready why it should get no calls; empty when it should
/// @param degraded what a person should look at although calls are served correctly
public record Readiness(List<String> unready, List<String> degraded) {
  public Readiness {
    unready = List.copyOf(unready);
    degraded = List.copyOf(degraded);
  }

  /// Whether calls should be sent.
  public boolean ready() {
    return unready.isEmpty();
  }

  /// `ready`, `degraded` or `unready`.
  public String status() {
    return !ready() ? "unready" : degraded.isEmpty() ? "ready" : "degraded";
  }
}
