package io.outrider.sinks;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.verify.PublishedLog;
import io.outrider.audit.verify.PublishedLog.Signed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Cuts a log into deliveries.
final class LogReader {
  private final PublishedLog log;

  LogReader(PublishedLog log) {
    this.log = log;
  }

  Optional<Signed> checkpoint() throws IOException, FormatException {
    return log.checkpoint();
  }

  /// The records from `from` on that `signed` covers and that fit, at least one; or the gap that is
  /// there.
  ///
  /// @throws FormatException if what is there is not the log the checkpoint speaks of
  Delivery read(Signed signed, long from, int records, int bytes)
      throws IOException, FormatException {
    long size = signed.checkpoint().size();
    List<Item> items = new ArrayList<>();
    long at = from;
    int taken = 0;
    while (at < size && items.size() < records && taken < bytes) {
      Optional<List<byte[]>> bundle = leaves(at / TilePath.WIDTH, size);
      if (bundle.isEmpty()) {
        break;
      }
      List<byte[]> leaves = bundle.get();
      for (int i = (int) (at % TilePath.WIDTH);
          i < leaves.size() && items.size() < records && taken < bytes;
          i++) {
        byte[] leaf = leaves.get(i);
        items.add(Item.of(at++, leaf));
        taken += leaf.length;
      }
    }
    return items.isEmpty() ? gap(signed, from, size) : new Delivery.Records(signed, items);
  }

  private Delivery gap(Signed signed, long from, long size) throws IOException, FormatException {
    long bundle = from / TilePath.WIDTH;
    // A pruned bundle leaves its hashes. Where those are gone too, the folder is broken or not
    // there,
    // and nobody should conclude from that that the records are.
    log.tile(0, bundle, TilePath.width(0, bundle, size));
    long to = from;
    while (to < size && leaves(to / TilePath.WIDTH, size).isEmpty()) {
      to = Math.min(size, (to / TilePath.WIDTH + 1) * TilePath.WIDTH);
    }
    if (to == from) {
      // It was there after all: the log moved on between two looks.
      throw new IOException("bundle " + bundle + ": changed while it was read");
    }
    return new Delivery.Gap(signed, from, to, "no longer in the log");
  }

  private Optional<List<byte[]>> leaves(long bundle, long size)
      throws IOException, FormatException {
    return log.leaves(bundle, TilePath.width(0, bundle, size));
  }
}
