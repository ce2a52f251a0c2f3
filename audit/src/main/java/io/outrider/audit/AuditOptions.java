package io.outrider.audit;

import io.outrider.audit.store.FileOps;
import io.outrider.audit.store.LogStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Everything an [AuditLog] needs to know. Build with [#in(Path)] and the `with` methods.
///
/// @param directory folder of the log; made with mode 0700 if missing
/// @param origin name of the log in its checkpoints, a URL without scheme, without spaces or `+`;
///   null: keep the one the folder has, or make one
/// @param maxQueued records that may wait for the writer before appends are refused
/// @param maxQueuedBytes rough bytes of those records
/// @param segmentBytes size of a journal segment, preallocated
/// @param checkpointInterval how often a checkpoint is signed while there is something new
/// @param heartbeatInterval how often counters are recorded; zero turns it off
/// @param stallLimit how long a write may hang before new appends are refused
/// @param startFields facts for the `start` record, such as version and configuration digest
/// @param retention how long records are kept at least, before whole bundles of them are dropped;
///   null: for ever
/// @param unsent says, when asked, the first record that somebody still has to be given; the
///   retention stops before it. Must not throw
/// @param files the one door to the disk; replaced in tests
public record AuditOptions(
    Path directory,
    @Nullable String origin,
    Durability durability,
    int maxQueued,
    long maxQueuedBytes,
    int segmentBytes,
    Duration checkpointInterval,
    Duration heartbeatInterval,
    Duration stallLimit,
    Map<String, String> startFields,
    @Nullable Duration retention,
    LongSupplier unsent,
    InstantSource clock,
    FileOps files) {

  /// About 40 ms of work for the writer at its slowest measured rate, so a refusal comes long
  /// before a caller gives up.
  public static final int DEFAULT_MAX_QUEUED = 8_192;

  /// With two batches in flight this keeps all buffers of the log below 64 MiB.
  public static final long DEFAULT_MAX_QUEUED_BYTES = 32L << 20;

  /// About ten thousand calls; large enough that rotation is rare, small enough that a first start
  /// does not wait for zeros.
  public static final int DEFAULT_SEGMENT_BYTES = 16 << 20;

  /// One signature and a handful of small files: cheap, and no reviewer waits longer for proof.
  public static final Duration DEFAULT_CHECKPOINT_INTERVAL = Duration.ofSeconds(1);

  public static final Duration DEFAULT_HEARTBEAT_INTERVAL = Duration.ofMinutes(5);

  /// Ten times the slowest flush seen on a healthy but crowded machine.
  public static final Duration DEFAULT_STALL_LIMIT = Duration.ofSeconds(1);

  /// Less is a mistake in the unit, which nobody could undo.
  public static final Duration MIN_RETENTION = Duration.ofDays(1);

  /// More would be gigabytes of records nobody has made durable.
  static final int MAX_MAX_QUEUED = 1 << 20;

  /// Room for a full batch beside the segment header.
  static final int MIN_SEGMENT_BYTES = 1 << 18;

  public AuditOptions {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(clock, "clock");
    Objects.requireNonNull(files, "files");
    startFields = Map.copyOf(startFields);
    if (maxQueued < 1 || maxQueued > MAX_MAX_QUEUED) {
      throw new IllegalArgumentException(
          "maxQueued: " + maxQueued + " (expected: 1 to " + MAX_MAX_QUEUED + ")");
    }
    if (maxQueuedBytes < 1) {
      throw new IllegalArgumentException("maxQueuedBytes: " + maxQueuedBytes + " (expected: >= 1)");
    }
    if (segmentBytes < MIN_SEGMENT_BYTES) {
      throw new IllegalArgumentException(
          "segmentBytes: " + segmentBytes + " (expected: >= " + MIN_SEGMENT_BYTES + ")");
    }
    if (checkpointInterval.isNegative() || checkpointInterval.isZero()) {
      throw new IllegalArgumentException(
          "checkpointInterval: " + checkpointInterval + " (expected: > 0)");
    }
    if (heartbeatInterval.isNegative()) {
      throw new IllegalArgumentException(
          "heartbeatInterval: " + heartbeatInterval + " (expected: >= 0)");
    }
    if (retention != null && retention.compareTo(MIN_RETENTION) < 0) {
      throw new IllegalArgumentException(
          "retention: " + retention + " (expected: >= " + MIN_RETENTION + ")");
    }
    if (stallLimit.isNegative() || stallLimit.isZero()) {
      throw new IllegalArgumentException("stallLimit: " + stallLimit + " (expected: > 0)");
    }
  }

  /// The defaults, for a log in `directory`.
  public static AuditOptions in(Path directory) {
    return new AuditOptions(
        directory,
        null,
        Durability.GROUP,
        DEFAULT_MAX_QUEUED,
        DEFAULT_MAX_QUEUED_BYTES,
        DEFAULT_SEGMENT_BYTES,
        DEFAULT_CHECKPOINT_INTERVAL,
        DEFAULT_HEARTBEAT_INTERVAL,
        DEFAULT_STALL_LIMIT,
        Map.of(),
        null,
        () -> Long.MAX_VALUE,
        InstantSource.system(),
        FileOps.real());
  }

  /// What the store needs to know of these.
  LogStore.Config store(LongSupplier nanos) {
    return new LogStore.Config(directory, origin, segmentBytes, clock, nanos, files);
  }

  public AuditOptions withOrigin(@Nullable String origin) {
    return with(draft -> draft.origin = origin);
  }

  public AuditOptions withDurability(Durability durability) {
    return with(draft -> draft.durability = durability);
  }

  public AuditOptions withMaxQueued(int maxQueued) {
    return with(draft -> draft.maxQueued = maxQueued);
  }

  public AuditOptions withMaxQueuedBytes(long maxQueuedBytes) {
    return with(draft -> draft.maxQueuedBytes = maxQueuedBytes);
  }

  public AuditOptions withSegmentBytes(int segmentBytes) {
    return with(draft -> draft.segmentBytes = segmentBytes);
  }

  public AuditOptions withCheckpointInterval(Duration checkpointInterval) {
    return with(draft -> draft.checkpointInterval = checkpointInterval);
  }

  public AuditOptions withHeartbeatInterval(Duration heartbeatInterval) {
    return with(draft -> draft.heartbeatInterval = heartbeatInterval);
  }

  public AuditOptions withStallLimit(Duration stallLimit) {
    return with(draft -> draft.stallLimit = stallLimit);
  }

  public AuditOptions withStartFields(Map<String, String> startFields) {
    return with(draft -> draft.startFields = startFields);
  }

  public AuditOptions withRetention(@Nullable Duration retention) {
    return with(draft -> draft.retention = retention);
  }

  public AuditOptions withUnsent(LongSupplier unsent) {
    return with(draft -> draft.unsent = unsent);
  }

  public AuditOptions withClock(InstantSource clock) {
    return with(draft -> draft.clock = clock);
  }

  public AuditOptions withFiles(FileOps files) {
    return with(draft -> draft.files = files);
  }

  private AuditOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// A copy in the making.
  private static final class Draft {
    private final Path directory;
    private @Nullable String origin;
    private Durability durability;
    private int maxQueued;
    private long maxQueuedBytes;
    private int segmentBytes;
    private Duration checkpointInterval;
    private Duration heartbeatInterval;
    private Duration stallLimit;
    private Map<String, String> startFields;
    private @Nullable Duration retention;
    private LongSupplier unsent;
    private InstantSource clock;
    private FileOps files;

    Draft(AuditOptions from) {
      directory = from.directory;
      origin = from.origin;
      durability = from.durability;
      maxQueued = from.maxQueued;
      maxQueuedBytes = from.maxQueuedBytes;
      segmentBytes = from.segmentBytes;
      checkpointInterval = from.checkpointInterval;
      heartbeatInterval = from.heartbeatInterval;
      stallLimit = from.stallLimit;
      startFields = from.startFields;
      retention = from.retention;
      unsent = from.unsent;
      clock = from.clock;
      files = from.files;
    }

    AuditOptions options() {
      return new AuditOptions(
          directory,
          origin,
          durability,
          maxQueued,
          maxQueuedBytes,
          segmentBytes,
          checkpointInterval,
          heartbeatInterval,
          stallLimit,
          startFields,
          retention,
          unsent,
          clock,
          files);
    }
  }
}
