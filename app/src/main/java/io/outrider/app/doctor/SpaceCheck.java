package io.outrider.app.doctor;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How much room there is, and for how many days at the rate of late.
final class SpaceCheck {
  /// Bundles the rate is taken from: the last ten thousand records or so.
  private static final int BUNDLES = 40;

  /// Less is too little to tell a rate from.
  private static final Duration SHORTEST = Duration.ofMinutes(10);

  /// A few segments, a checkpoint, and time to act.
  private static final long FEW_BYTES = 1L << 30;

  private static final double FEW_DAYS = 14;

  private SpaceCheck() {}

  static Finding look(Path folder, Instant now) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    return judge(free, bytesPerDay(folder, now));
  }

  static Finding judge(long free, Optional<Double> bytesPerDay) {
    String name = "space";
    String what =
        mebibytes(free)
            + " free"
            + bytesPerDay
                .map(rate ->
                    String.format(
                        Locale.ROOT,
                        ", %s a day of late: enough for %s",
                        mebibytes(rate.longValue()),
                        days(free / Math.max(rate, 1))))
                .orElse("; the log is too young to tell how fast it grows");
    if (free < FEW_BYTES) {
      return Finding.bad(
          name,
          what,
          "when the disk is full every call is refused: free some space, or outrider audit prune");
    }
    if (bytesPerDay.filter(rate -> free / Math.max(rate, 1) < FEW_DAYS).isPresent()) {
      return Finding.warn(
          name, what, "set audit.retention, use outrider audit prune, or give it a larger disk");
    }
    return Finding.ok(name, what);
  }

  private static String days(double days) {
    return days > 36_500 ? "more than a century" : String.format(Locale.ROOT, "%.0f days", days);
  }

  private static String mebibytes(long bytes) {
    return bytes >= 10L << 30 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
  }

  /// Bundles, values and tiles of the last records, over the time since the first of them. Empty if
  /// that is too little to tell.
  private static Optional<Double> bytesPerDay(Path folder, Instant now) throws IOException {
    PublishedLog log = new PublishedLog(LogSource.folder(folder));
    try {
      long full =
          log.checkpoint().map(signed -> signed.checkpoint().size()).orElse(0L) / TilePath.WIDTH;
      long first = Math.max(0, full - BUNDLES);
      if (full == first) {
        return Optional.empty();
      }
      Optional<List<byte[]>> leaves = log.leaves(first, TilePath.WIDTH);
      if (leaves.isEmpty()) {
        return Optional.empty();
      }
      Instant since = Instant.parse(Leaf.parse(leaves.get().getFirst()).text("t").orElse("none"));
      Duration span = Duration.between(since, now);
      if (span.compareTo(SHORTEST) < 0) {
        return Optional.empty();
      }
      long bytes = 0;
      for (long bundle = first; bundle < full; bundle++) {
        bytes += size(folder.resolve(TilePath.entries(bundle, TilePath.WIDTH)));
        bytes += size(folder.resolve(TilePath.sealed(bundle)));
        bytes += size(folder.resolve(TilePath.tile(0, bundle, TilePath.WIDTH)));
      }
      return Optional.of(bytes * (double) Duration.ofDays(1).toMillis() / span.toMillis());
    } catch (FormatException | DateTimeException e) {
      return Optional.empty(); // outrider audit verify says what is wrong with such a log
    }
  }

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
