package io.outrider.review.index;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.proof.TreeHasher;
import io.outrider.audit.verify.LogEntry;
import io.outrider.audit.verify.LogSource;
import io.outrider.review.log.Digests;
import io.outrider.review.log.Records;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether an index was made from the log it lies beside: the log must still begin with the tree
/// the index saw, and the last record it holds must be the same.
final class Belonging {
  static final String RECORDS = "records";
  private static final String BEGIN = "begin";
  private static final String ORIGIN = "origin";
  private static final String SIZE = "size";
  private static final String ROOT = "root";
  private static final String LAST = "last";

  private Belonging() {}

  /// What an index writes down of its log.
  static Map<String, String> of(LogSource source, long records, Leaf last)
      throws IOException, FormatException {
    Map<String, String> meta = new LinkedHashMap<>();
    meta.put(RECORDS, Long.toString(records));
    meta.put(LAST, hash(last));
    meta.put(BEGIN, Long.toString(Records.begin(source)));
    Optional<Checkpoint> checkpoint = Records.checkpoint(source);
    if (checkpoint.isPresent() && checkpoint.get().size() <= records) {
      meta.put(ORIGIN, checkpoint.get().origin());
      meta.put(SIZE, Long.toString(checkpoint.get().size()));
      meta.put(ROOT, HexFormat.of().formatHex(checkpoint.get().root()));
    }
    return meta;
  }

  /// Why the index is not of this log; empty if it is.
  static Optional<String> misfit(LogSource source, Reader reader)
      throws IOException, FormatException, SQLException {
    long records = number(reader.meta(RECORDS));
    if (records == 0) {
      return Optional.empty();
    }
    if (number(reader.meta(BEGIN)) != Records.begin(source)) {
      return Optional.of("records were dropped from the log");
    }
    Optional<LogEntry> last = new Records(source).read(records - 1);
    if (last.isEmpty()) {
      return Optional.of("it holds " + records + " records, the log fewer");
    }
    if (!hash(last.get().leaf()).equals(reader.meta(LAST))) {
      return Optional.of("record " + (records - 1) + " is another in the log");
    }
    String origin = reader.meta(ORIGIN);
    if (origin == null) {
      return Optional.empty();
    }
    Optional<Checkpoint> now = Records.checkpoint(source);
    if (now.isEmpty() || !now.get().origin().equals(origin)) {
      return Optional.of("it is of the log " + origin);
    }
    long size = number(reader.meta(SIZE));
    byte[] root = HexFormat.of().parseHex(String.valueOf(reader.meta(ROOT)));
    if (size > now.get().size() || !Arrays.equals(root(source, size, now.get().size()), root)) {
      return Optional.of("the log does not begin with the tree of " + size + " records it saw");
    }
    return Optional.empty();
  }

  /// The root of the first `size` leaves of a log that has `now`.
  private static byte[] root(LogSource source, long size, long now) throws IOException {
    return new Proofs()
        .root(
            size,
            (level, index, width) -> {
              String path = TilePath.tile(level, index, TilePath.width(level, index, now));
              byte[] tile =
                  source
                      .read(path)
                      .or(() -> full(source, level, index))
                      .orElseThrow(() -> new IOException(path + ": missing"));
              return Arrays.copyOf(tile, width * TreeHasher.BYTES);
            });
  }

  /// The log may have grown since its size was read.
  private static Optional<byte[]> full(LogSource source, int level, long index) {
    try {
      return source.read(TilePath.tile(level, index, TilePath.WIDTH));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  static long number(@Nullable String text) {
    return text == null ? 0 : Long.parseLong(text);
  }

  private static String hash(Leaf leaf) {
    return Digests.sha256(leaf.bytes());
  }
}
