package io.outrider.app.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The file system under the log: what it is, and whether flushes and locks work. Writes one file
/// of a megabyte into the folder and removes it.
final class DiskCheck {
  /// Flushes to measure at most, and the time they may take: enough for a 99th percentile, short
  /// enough to be run beside a working log.
  private static final int FLUSHES = 300;

  private static final long BUDGET_NANOS = 3_000_000_000L;

  private static final int PROBE_BYTES = 1 << 20;

  /// About one small batch.
  private static final int WRITE_BYTES = 1_024;

  /// A commodity SSD stays far below; above it callers feel each call.
  private static final long SLOW_NANOS = 20_000_000;

  /// No disk flushes in so little; something answers for it.
  private static final long TOO_FAST_NANOS = 5_000;

  private static final Set<String> NETWORK =
      Set.of("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "lustre", "afs");
  private static final Set<String> LAYERED = Set.of("overlay", "aufs", "ecryptfs");
  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");

  private DiskCheck() {}

  static Finding fileSystem(Path folder) throws IOException {
    Path mounts = Path.of("/proc/self/mountinfo");
    String name = "file system";
    Optional<Mount> mount =
        Files.isReadable(mounts)
            ? Mount.of(folder.toRealPath(), Files.readAllLines(mounts))
            : Optional.empty();
    return mount.isEmpty()
        ? Finding.warn(
            name,
            Files.getFileStore(folder).type() + "; its mount options cannot be told here",
            "see that it is a local disk and is not mounted with barriers off")
        : fileSystem(name, mount.get());
  }

  static Finding fileSystem(String name, Mount mount) {
    String what =
        mount.type()
            + " on "
            + mount.source()
            + " at "
            + mount.point()
            + ", "
            + String.join(",", mount.options());
    if (mount.options().contains("ro")) {
      return Finding.bad(name, what, "it is mounted read-only: no call can be recorded");
    }
    if (VOLATILE.contains(mount.type())) {
      return Finding.bad(
          name, what, "it is memory: the log is gone after a power cut; move it to a disk");
    }
    if (mount.options().contains("nobarrier") || mount.options().contains("barrier=0")) {
      return Finding.bad(
          name, what, "flushes do not reach the disk: mount it without nobarrier or barrier=0");
    }
    if (NETWORK.contains(mount.type()) || mount.type().startsWith("fuse")) {
      return Finding.warn(
          name,
          what,
          "not a local disk: its flushes and locks are as good as the other side; put the log on a"
              + " local disk and send it onward with audit.export");
    }
    if (LAYERED.contains(mount.type())) {
      return Finding.warn(
          name,
          what,
          "a container's own layer: it goes when the container goes; mount a volume for the log");
    }
    return Finding.ok(name, what);
  }

  /// Latency of flushes, of the folder's own flush, and whether a lock is one.
  static List<Finding> probes(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "doctor", ".tmp");
    List<Finding> findings = new ArrayList<>();
    try {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(PROBE_BYTES), 0);
        channel.force(true);
        findings.add(flushes(channel));
        findings.add(lock(channel, file));
      }
    } finally {
      Files.delete(file);
    }
    findings.add(directory(folder));
    return findings;
  }

  private static Finding flushes(FileChannel channel) throws IOException {
    long[] nanos = new long[FLUSHES];
    ByteBuffer bytes = ByteBuffer.allocateDirect(WRITE_BYTES);
    long end = System.nanoTime() + BUDGET_NANOS;
    int count = 0;
    while (count < FLUSHES && (count < 3 || System.nanoTime() < end)) {
      long began = System.nanoTime();
      channel.write(bytes.clear().putLong(0, began), count * (long) WRITE_BYTES);
      channel.force(false);
      nanos[count++] = System.nanoTime() - began;
    }
    Arrays.sort(nanos, 0, count);
    return latency(nanos[count / 2], nanos[count * 99 / 100], count);
  }

  static Finding latency(long median, long worst, int count) {
    String name = "flush latency";
    String what =
        String.format(
            Locale.ROOT,
            "p50 %.2f ms, p99 %.2f ms (write and fdatasync of %d bytes, %d times)",
            median / 1e6,
            worst / 1e6,
            WRITE_BYTES,
            count);
    if (median < TOO_FAST_NANOS) {
      return Finding.warn(
          name,
          what,
          "too fast for a disk: something acknowledges flushes without keeping the bytes");
    }
    if (median > SLOW_NANOS) {
      return Finding.warn(
          name,
          what,
          "each call waits for one flush before it is forwarded and one before its answer: use a"
              + " faster disk, or durability async with what it gives up");
    }
    return Finding.ok(name, what);
  }

  private static Finding lock(FileChannel channel, Path file) throws IOException {
    String name = "locks";
    try (FileLock lock = channel.tryLock()) {
      Path table = Path.of("/proc/locks");
      if (lock == null) {
        return Finding.bad(name, "a new file cannot be locked", "use another file system");
      }
      if (!Files.isReadable(table)) {
        return Finding.ok(name, "a file can be locked");
      }
      String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
      boolean known =
          Files.readAllLines(table).stream()
              .anyMatch(line -> line.contains(inode) && line.contains("WRITE"));
      return known
          ? Finding.ok(name, "the kernel keeps a lock that was taken")
          : Finding.bad(
              name,
              "a lock was granted that the kernel does not know of",
              "two processes could write one log here: use another file system");
    }
  }

  private static Finding directory(Path folder) {
    String name = "folder flush";
    long began = System.nanoTime();
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
      return Finding.ok(
          name,
          String.format(
              Locale.ROOT,
              "names of new files can be made durable (%.2f ms)",
              (System.nanoTime() - began) / 1e6));
    } catch (IOException e) {
      return Finding.bad(
          name,
          "the folder cannot be flushed: " + e.getMessage(),
          "a new segment could be gone after a power cut: use another file system");
    }
  }
}
