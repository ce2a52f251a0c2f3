package io.outrider.app.serve;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.outrider.audit.AuditLog;
import io.outrider.audit.anchor.AnchorLoop;
import io.outrider.audit.anchor.TimeStamper;
import io.outrider.audit.format.SignedNote;
import io.outrider.review.timestamp.Authorities;
import io.outrider.review.timestamp.TsaClient;
import io.outrider.settings.AnchorSettings;
import io.outrider.settings.AuditSettings;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Those who vouch for the audit log, from settings to a running loop. Nothing runs where nobody is
/// configured.
final class Anchors {
  private final @Nullable AnchorLoop loop;

  private Anchors(@Nullable AnchorLoop loop) {
    this.loop = loop;
  }

  /// @param changed told when the log becomes anchored, or is so no longer
  static Anchors start(
      AuditSettings settings, AuditLog audit, Consumer<Map<String, String>> changed)
      throws Unusable {
    if (!settings.anchors().any()) {
      return new Anchors(null);
    }
    return new Anchors(
        AnchorLoop.start(
            new AnchorLoop.Settings(
                settings.anchors().policy(),
                stampers(settings.anchors()),
                settings.anchors().interval(),
                settings.anchors().stampInterval()),
            settings.directory(),
            new AnchorLoop.Target() {
              @Override
              public void cosigned(SignedNote note) {
                audit.cosigned(note);
              }

              @Override
              public void changed(Map<String, String> facts) {
                changed.accept(facts);
              }
            },
            InstantSource.system()));
  }

  private static List<TimeStamper> stampers(AnchorSettings settings) throws Unusable {
    List<TimeStamper> stampers = new ArrayList<>();
    for (AnchorSettings.Authority authority : settings.authorities()) {
      try {
        stampers.add(
            new TsaClient(authority.name(), authority.url(), Authorities.read(authority.ca())));
      } catch (IOException e) {
        throw new Unusable(
            List.of(
                "audit.anchors.timestamps.authorities."
                    + authority.name()
                    + ".ca: "
                    + Messages.of(e)));
      }
    }
    return stampers;
  }

  /// Reasons why a person should look.
  List<String> degraded() {
    return loop == null
        ? List.of()
        : loop.state().troubles().stream().map(trouble -> "audit.anchors: " + trouble).toList();
  }

  void meter(MeterRegistry meters, InstantSource clock) {
    AnchorLoop running = loop;
    if (running == null) {
      return;
    }
    Gauge.builder("outrider.audit.anchored", running, l -> l.state().size())
        .description("Records under the last checkpoint that enough witnesses cosigned")
        .register(meters);
    Gauge.builder("outrider.audit.anchor.age.seconds", running, l -> age(l, clock))
        .description("Time since enough witnesses cosigned; NaN before the first time")
        .register(meters);
    FunctionCounter.builder("outrider.audit.anchor.failures", running, l -> l.state().failures())
        .description("Rounds in which too few witnesses cosigned")
        .register(meters);
  }

  private static double age(AnchorLoop loop, InstantSource clock) {
    return loop.state()
        .met()
        .map(at -> Math.max(0, Duration.between(at, clock.instant()).toMillis() / 1000.0))
        .orElse(Double.NaN);
  }

  void close() {
    if (loop != null) {
      loop.close();
    }
  }
}
