package io.outrider.review.export;

import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A log as it was at one checkpoint, however it grows. Its files are written once, so only the
/// checkpoint itself must be held.
final class PinnedSource implements LogSource {
  private static final String CHECKPOINT = "checkpoint";

  private final LogSource source;
  private final byte[] checkpoint;

  PinnedSource(LogSource source, byte[] checkpoint) {
    this.source = source;
    this.checkpoint = checkpoint;
  }

  @Override
  public Optional<byte[]> read(String path) throws IOException {
    return path.equals(CHECKPOINT) ? Optional.of(checkpoint.clone()) : source.read(path);
  }

  @Override
  public Optional<byte[]> read(String path, long offset, int length) throws IOException {
    if (path.equals(CHECKPOINT)) {
      int from = (int) Math.min(offset, checkpoint.length);
      return Optional.of(
          Arrays.copyOfRange(checkpoint, from, Math.min(checkpoint.length, from + length)));
    }
    return source.read(path, offset, length);
  }

  @Override
  public List<String> list(String folder) throws IOException {
    return source.list(folder);
  }
}
