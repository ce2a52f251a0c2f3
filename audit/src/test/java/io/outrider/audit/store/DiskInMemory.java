package io.outrider.audit.store;

import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// A disk in memory for tests of the facade, with faults on demand.
public final class DiskInMemory {
  public static final Path ROOT = Path.of("/log");

  private CrashFs disk = new CrashFs();

  /// Decides, before an operation such as `fdatasync 0000000000000001.seg`, whether it happens.
  public interface Fault {
    void before(String operation) throws IOException;
  }

  public FileOps files() {
    return disk;
  }

  public void fault(Fault fault) {
    disk.plan((number, what) -> fault.before(what));
  }

  /// Ends the machine at an operation, counted from now.
  public void crashAt(int operation) {
    disk.plan((number, what) -> {
      if (number >= operation) {
        throw new CrashFs.Crashed(what);
      }
    });
  }

  /// A disk with the same content, all of it durable.
  public DiskInMemory copy() {
    DiskInMemory copy = new DiskInMemory();
    copy.disk = disk.crash(new Random(1));
    return copy;
  }

  /// Runs `work` until it is done or the machine ends; then the machine comes up again, with what
  /// the disk kept.
  ///
  /// @return whether the work was done
  public boolean liveThrough(Work work, Random random) throws Exception {
    try {
      work.run();
      disk.plan((number, what) -> {});
      return true;
    } catch (CrashFs.Crashed e) {
      disk = disk.crash(random);
      return false;
    }
  }

  /// Something that may not come to its end.
  public interface Work {
    void run() throws Exception;
  }

  /// Names in a folder of the log.
  public List<String> list(String folder) {
    return disk.list(ROOT.resolve(folder));
  }

  /// Files that hold `text`, whatever they are.
  public List<String> filesWith(String text) {
    return disk.filesWith(text.getBytes(StandardCharsets.UTF_8));
  }

  public LogSource source() {
    return disk.source(ROOT);
  }
}
