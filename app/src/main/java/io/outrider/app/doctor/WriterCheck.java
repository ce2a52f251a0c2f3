package io.outrider.app.doctor;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/// Whether a process writes the log, and keeps up.
final class WriterCheck {
  /// Two heartbeats; each leads to a checkpoint.
  private static final Duration SILENCE = Duration.ofMinutes(11);

  /// The writer looks once a second.
  private static final Duration NOTE_WAIT = Duration.ofSeconds(30);

  private WriterCheck() {}

  static List<Finding> look(Path folder, Instant now) throws IOException {
    boolean running = isHeld(folder.resolve("lock"));
    List<Finding> findings = new ArrayList<>();
    findings.add(
        Finding.ok("writer", running ? "a process has the log open" : "no process has it open"));
    findings.add(checkpoint(folder.resolve("checkpoint"), running, now));
    findings.add(spare(folder.resolve("journal"), running));
    findings.add(inbox(folder.resolve("inbox"), running, now));
    findings.add(quarantine(folder.resolve("quarantine")));
    return findings;
  }

  /// A lock that another process has; ours would be given back at once.
  private static boolean isHeld(Path lock) throws IOException {
    if (!Files.exists(lock)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock taken = channel.tryLock()) {
      return taken == null;
    } catch (OverlappingFileLockException e) {
      return true;
    }
  }

  private static Finding checkpoint(Path checkpoint, boolean running, Instant now)
      throws IOException {
    String name = "checkpoint";
    if (!Files.exists(checkpoint)) {
      return Finding.bad(
          name, "there is none", "without one nothing is provable; see outrider audit verify");
    }
    Duration age = Duration.between(Files.getLastModifiedTime(checkpoint).toInstant(), now);
    String what = "its file was written " + age(age) + " ago";
    return running && age.compareTo(SILENCE) > 0
        ? Finding.bad(
            name,
            what + ", though a process writes and has heartbeats to record",
            "look at its log and its health; restart it if it says that the audit log failed")
        : Finding.ok(name, what);
  }

  private static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    return seconds < 120
        ? seconds + " s"
        : seconds < 7_200
            ? seconds / 60 + " min"
            : seconds < 172_800 ? seconds / 3_600 + " h" : seconds / 86_400 + " days";
  }

  private static Finding spare(Path journal, boolean running) throws IOException {
    String name = "spare segment";
    TreeSet<Long> ordinals = new TreeSet<>();
    for (Path file : files(journal)) {
      long ordinal = SegmentHeader.ordinal(String.valueOf(file.getFileName()));
      if (ordinal > 0) {
        ordinals.add(ordinal);
      }
    }
    if (!running) {
      return Finding.ok(name, "made when the log is opened");
    }
    boolean ready =
        !ordinals.isEmpty() && isBlank(journal.resolve(SegmentHeader.fileName(ordinals.last())));
    return ready
        ? Finding.ok(name, "ready")
        : Finding.warn(
            name,
            "none at this moment",
            "normal for a moment under load; if it stays so the disk is full or cannot keep up");
  }

  private static boolean isBlank(Path segment) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Batch.HEADER);
    try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.READ)) {
      return channel.read(header, SegmentHeader.SIZE) < Batch.HEADER
          || Batch.header(header, 0).isEmpty();
    }
  }

  private static Finding inbox(Path inbox, boolean running, Instant now) throws IOException {
    String name = "inbox";
    int waiting = 0;
    int old = 0;
    for (Path file : files(inbox)) {
      if (String.valueOf(file.getFileName()).endsWith(".note")) {
        waiting++;
        Instant left = Files.getLastModifiedTime(file).toInstant();
        old += Duration.between(left, now).compareTo(NOTE_WAIT) > 0 ? 1 : 0;
      }
    }
    String what = waiting == 0 ? "empty" : waiting + " notes of commands wait for the writer";
    return running && old > 0
        ? Finding.warn(name, what, "the writer should have taken them: look at its log")
        : Finding.ok(name, what);
  }

  private static Finding quarantine(Path quarantine) throws IOException {
    int count = files(quarantine).size();
    return count == 0
        ? Finding.ok("quarantine", "empty")
        : Finding.warn(
            "quarantine",
            count + " torn tails or bad notes were set aside",
            "recovery records in the log say when; keep or delete the files once you have looked");
  }

  private static List<Path> files(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
        entries.forEach(files::add);
      }
    }
    return files;
  }
}
