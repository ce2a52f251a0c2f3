package io.outrider.audit.store;

import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.file.Path;

/// A disk in memory for tests of the facade, with faults on demand.
public final class DiskInMemory {
  public static final Path ROOT = Path.of("/log");

  private final CrashFs disk = new CrashFs();

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

  public LogSource source() {
    return disk.source(ROOT);
  }
}
