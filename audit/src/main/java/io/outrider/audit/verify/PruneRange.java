package io.outrider.audit.verify;

import io.outrider.audit.format.EntryBundle;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.TilePath;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// The records at the beginning of a log that are all older than a time, in whole bundles.
///
/// @param first where the log begins
/// @param minimum where it would begin without them; equals `first` if there are none
/// @param bytes what their bundles and values take on disk
public record PruneRange(long first, long minimum, long bytes) {

  public long records() {
    return minimum - first;
  }

  /// Looks from the beginning of the log to the first bundle with a record that is not older; what
  /// follows a jump of the clock backwards stays.
  ///
  /// @param limit records from here on stay, however old they are
  public static PruneRange before(LogSource source, Instant time, long limit)
      throws IOException, FormatException {
    long size = AuditTail.published(source);
    long full = Math.min(size, limit) / TilePath.WIDTH;
    long first = size == 0 ? 0 : new LogFiles(source).begin(0, size);
    long bytes = 0;
    long bundle = first;
    for (; bundle < full; bundle++) {
      Optional<byte[]> content = source.read(TilePath.entries(bundle, TilePath.WIDTH));
      if (content.isEmpty() || !EntryBundle.isOlder(content.get(), time)) {
        break;
      }
      bytes += content.get().length;
      bytes += source.read(TilePath.sealed(bundle)).map(b -> b.length).orElse(0);
    }
    return new PruneRange(first * TilePath.WIDTH, bundle * TilePath.WIDTH, bytes);
  }
}
