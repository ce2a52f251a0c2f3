package io.outrider.app.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Examines what a log stands on. Safe beside a process that writes the log: it writes one
/// temporary file into the folder, and nothing else.
public final class Doctor {
  private final InstantSource clock;
  private final LongSupplier nanos;

  /// @param clock the wall clock
  /// @param nanos the monotonic one
  public Doctor(InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
  }

  /// Looks at everything.
  ///
  /// @throws IOException if the folder cannot be looked at
  public List<Finding> examine(Path folder) throws IOException {
    Instant began = clock.instant();
    long beganNanos = nanos.getAsLong();
    List<Finding> findings = new ArrayList<>();
    findings.add(DiskCheck.fileSystem(folder));
    findings.addAll(probes(folder));
    findings.add(SpaceCheck.look(folder, began));
    findings.addAll(RightsCheck.look(folder));
    findings.addAll(WriterCheck.look(folder, began));
    Path checkpoint = folder.resolve("checkpoint");
    findings.add(
        ClockCheck.judge(
            began,
            clock.instant(),
            Duration.ofNanos(nanos.getAsLong() - beganNanos),
            Files.exists(checkpoint)
                ? Optional.of(Files.getLastModifiedTime(checkpoint).toInstant())
                : Optional.empty(),
            ClockCheck.kernel()));
    return List.copyOf(findings);
  }

  private static List<Finding> probes(Path folder) {
    try {
      return DiskCheck.probes(folder);
    } catch (IOException e) {
      return List.of(
          Finding.bad(
              "flush latency",
              "no file can be written here: " + e,
              "give the folder to the user that Outrider runs as, and run this as that user"));
    }
  }
}
