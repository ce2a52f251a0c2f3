package io.outrider.sinks.s3;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.proof.TileReader;
import io.outrider.audit.proof.TreeHasher;
import io.outrider.audit.verify.PublishedLog;
import io.outrider.sinks.Delivery;
import io.outrider.sinks.Sink;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps a bucket that is itself a log: objects have the names of the log's public files, so what
/// checks the folder checks the bucket.
///
/// Tiles and bundles are put once and never overwritten; `checkpoint` is replaced, after everything
/// it covers is there, and so is what witnesses say of it. A log that does not continue what the
/// bucket holds is not sent.
public final class S3Sink implements Sink {
  private static final String CHECKPOINT = "checkpoint";
  private static final String VERIFIER_KEY = "log.vkey";
  private static final String COSIGNED = "anchors/cosigned";

  private final S3Options options;
  private final PublishedLog log;
  private final InstantSource clock;
  private @Nullable Bucket bucket;

  /// Whether the bucket's own checkpoint was compared with the log since the bucket was opened.
  private boolean compared;

  private byte @Nullable [] checkpoint;
  private byte @Nullable [] cosigned;
  private long size;

  public S3Sink(S3Options options, PublishedLog log, InstantSource clock) {
    this.options = options;
    this.log = log;
    this.clock = clock;
  }

  @Override
  public void deliver(Delivery delivery) throws IOException, InterruptedException {
    try {
      Bucket open = open();
      long from = delivery.from();
      if (!compared) {
        // What the bucket's own checkpoint does not cover is put again: the cursor may be ahead of
        // a bucket that was emptied or is another one by now.
        from = Math.min(from, covered(open, delivery.checkpoint().checkpoint()));
        putKey(open);
        compared = true;
      }
      putFull(open, from, delivery.to());
      if (delivery.reachesCheckpoint()) {
        putPartial(open, delivery.to());
        open.replace(CHECKPOINT, delivery.checkpoint().note());
        checkpoint = delivery.checkpoint().note();
        size = delivery.to();
        putCosigned();
      }
    } catch (FormatException e) {
      close();
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      // New credentials, and another look at what the bucket holds.
      close();
      throw e;
    }
  }

  /// Not earlier than for the first delivery: finding credentials and region may ask the network.
  private Bucket open() {
    Bucket open = bucket;
    if (open == null) {
      open = new Bucket(options, clock);
      bucket = open;
      compared = false;
    }
    return open;
  }

  /// Cosignatures come after the checkpoint they are for, and change it. What could not be put is
  /// put the next time.
  @Override
  public void check() throws IOException, InterruptedException {
    if (checkpoint == null) {
      return;
    }
    try {
      Optional<PublishedLog.Signed> now = log.checkpoint();
      if (now.isPresent()
          && now.get().checkpoint().size() == size
          && !Arrays.equals(now.get().note(), checkpoint)) {
        open().replace(CHECKPOINT, now.get().note());
        checkpoint = now.get().note();
      }
      putCosigned();
    } catch (FormatException e) {
      throw new IOException(e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void putCosigned() throws IOException, InterruptedException {
    Optional<byte[]> now = log.cosigned();
    if (now.isPresent() && !Arrays.equals(now.get(), cosigned)) {
      open().replace(COSIGNED, now.get());
      cosigned = now.get();
    }
  }

  /// Size of the bucket's checkpoint, which the log must begin with; 0 if there is none.
  private long covered(Bucket open, Checkpoint ours)
      throws IOException, FormatException, InterruptedException {
    Optional<byte[]> note = open.get(CHECKPOINT);
    if (note.isEmpty()) {
      return 0;
    }
    Checkpoint theirs = Checkpoint.parse(SignedNote.parse(note.get()).text());
    if (!theirs.origin().equals(ours.origin())) {
      throw new IOException(
          "the bucket holds the log '%s' (expected: '%s', or none)"
              .formatted(theirs.origin(), ours.origin()));
    }
    if (theirs.size() > ours.size()) {
      throw new IOException(
          "the bucket's checkpoint has %d records, and the log %d (expected: at least as many; was the log put back from a backup?)"
              .formatted(theirs.size(), ours.size()));
    }
    if (theirs.size() > 0
        && !Arrays.equals(new Proofs().root(theirs.size(), tilesAt(ours.size())), theirs.root())) {
      throw new IOException(
          "the first %d records of the log are not those of the bucket's checkpoint (expected: the same log)"
              .formatted(theirs.size()));
    }
    return theirs.size();
  }

  /// Tiles as they are at a size that is published; partial ones of other sizes may be gone, or
  /// never have been.
  private TileReader tilesAt(long size) {
    return (level, index, width) ->
        Arrays.copyOf(
            log.tile(level, index, TilePath.width(level, index, size)), width * TreeHasher.BYTES);
  }

  private void putKey(Bucket open) throws IOException, InterruptedException {
    Optional<byte[]> key = log.verifierKey();
    if (key.isPresent()) {
      open.putOnce(VERIFIER_KEY, key.get());
    }
  }

  /// Everything that became full between two sizes, lowest level first.
  private void putFull(Bucket open, long from, long to)
      throws IOException, FormatException, InterruptedException {
    for (int level = 0; to >>> (8 * (level + 1)) > 0; level++) {
      int shift = 8 * (level + 1);
      for (long index = from >>> shift; index < to >>> shift; index++) {
        put(open, level, index, TilePath.WIDTH);
      }
    }
  }

  private void putPartial(Bucket open, long size)
      throws IOException, FormatException, InterruptedException {
    for (int level = 0; size >>> (8 * level) > 0; level++) {
      int width = (int) ((size >>> (8 * level)) & (TilePath.WIDTH - 1));
      if (width > 0) {
        put(open, level, size >>> (8 * (level + 1)), width);
      }
    }
  }

  private void put(Bucket open, int level, long index, int width)
      throws IOException, FormatException, InterruptedException {
    if (level == 0) {
      Optional<byte[]> bundle = log.bundle(index, width);
      // A bundle that was pruned stays away here too; its hashes remain.
      if (bundle.isPresent()) {
        open.putOnce(TilePath.entries(index, width), bundle.get());
      }
    }
    open.putOnce(TilePath.tile(level, index, width), log.tile(level, index, width));
  }

  @Override
  public void close() {
    Bucket open = bucket;
    bucket = null;
    compared = false;
    if (open != null) {
      open.close();
    }
  }
}
