package io.outrider.audit.store;

import io.outrider.audit.verify.LogSource;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/// A disk in memory that forgets what it was not told to keep.
///
/// What survives [#crash]: of each file, every sector that was forced, and any subset of those
/// written since; of each folder, the names that were forced, and any subset of the changes made
/// since. That is at least as bad as real file systems are. A [Plan] can end the machine, or fail
/// an operation, at any point.
final class CrashFs implements FileOps {
  private static final int SECTOR = 512;

  /// Decides before each operation whether it happens.
  interface Plan {
    /// Does nothing, or throws.
    void before(int operation, String what) throws IOException;
  }

  /// Ways in which a careless log would use a disk. A crash test that does not notice them proves
  /// nothing.
  enum Carelessness {
    NONE,
    /// Records are acknowledged without a flush.
    JOURNAL_NOT_FORCED,
    /// Names of new files are not made durable.
    NAMES_NOT_FORCED,
    /// Records are acknowledged when a flush begins, not when it has ended.
    ACKNOWLEDGED_BEFORE_FORCED,
    /// The checkpoint is published before what was signed is kept.
    PUBLISHED_BEFORE_KEPT
  }

  /// The machine is gone.
  static final class Crashed extends Error {
    private static final long serialVersionUID = 1L;

    Crashed(String what) {
      super(what, null, false, false);
    }
  }

  private static final class Inode {
    byte[] now;
    byte[] kept;
    final BitSet dirty = new BitSet();

    /// Sectors of a flush that was said to have ended, and has not.
    BitSet flushing = new BitSet();

    Inode(byte[] content) {
      now = content;
      kept = content.clone();
    }

    /// Makes sectors durable.
    void keep(BitSet sectors) {
      if (kept.length != now.length) {
        kept = now.clone();
      } else {
        for (int s = sectors.nextSetBit(0); s >= 0; s = sectors.nextSetBit(s + 1)) {
          int from = s * SECTOR;
          System.arraycopy(now, from, kept, from, Math.min(SECTOR, now.length - from));
        }
      }
      dirty.andNot(sectors);
    }
  }

  /// A change to the names of one folder that is not durable yet.
  private record Change(Path removed, Path added, Inode inode) {}

  private static final Path NONE = Path.of("");

  private final Map<Path, Inode> names = new TreeMap<>();
  private final Map<Path, Inode> keptNames = new HashMap<>();
  private final Map<Path, List<Change>> pending = new HashMap<>();
  private final TreeSet<Path> folders = new TreeSet<>();
  private final List<byte[]> notes = new ArrayList<>();
  private Plan plan = (operation, what) -> {};
  private int operations;
  private boolean locked;
  private Carelessness careless = Carelessness.NONE;
  private Path postponed = NONE;

  CrashFs careless(Carelessness how) {
    careless = how;
    return this;
  }

  void plan(Plan next) {
    plan = next;
    operations = 0;
  }

  /// Operations since the plan was set.
  int operations() {
    return operations;
  }

  /// Every checkpoint that was ever handed to this disk, whether it survived or not.
  List<byte[]> notes() {
    return notes;
  }

  private synchronized void step(String what) throws IOException {
    plan.before(operations++, what);
  }

  /// What is on the disk when the machine comes up again.
  synchronized CrashFs crash(Random random) {
    CrashFs after = new CrashFs().careless(careless);
    after.notes.addAll(notes);
    after.folders.addAll(folders);
    Map<Path, Inode> survivors = new TreeMap<>(keptNames);
    pending.values().stream()
        .flatMap(List::stream)
        .filter(change -> random.nextBoolean())
        .forEach(change -> {
          survivors.remove(change.removed);
          if (!change.added.equals(NONE)) {
            survivors.put(change.added, change.inode);
          }
        });
    Map<Inode, Inode> images = new HashMap<>();
    // How much of what was not forced made it: often nothing or all, the rest of the time anything
    // between.
    int keep = random.nextInt(4) == 0 ? 0 : random.nextInt(4) == 0 ? 100 : random.nextInt(101);
    survivors.forEach((name, inode) -> {
      Inode image = images.computeIfAbsent(inode, i -> image(i, keep, random));
      after.names.put(name, image);
      after.keptNames.put(name, image);
    });
    return after;
  }

  private static Inode image(Inode inode, int keepPercent, Random random) {
    boolean grown = inode.now.length == inode.kept.length || random.nextInt(100) < keepPercent;
    byte[] content = Arrays.copyOf(inode.kept, grown ? inode.now.length : inode.kept.length);
    for (int s = inode.dirty.nextSetBit(0); s >= 0; s = inode.dirty.nextSetBit(s + 1)) {
      int from = s * SECTOR;
      int to = Math.min(Math.min(from + SECTOR, inode.now.length), content.length);
      if (from < to && random.nextInt(100) < keepPercent) {
        System.arraycopy(inode.now, from, content, from, to - from);
      }
    }
    return new Inode(content);
  }

  @Override
  public synchronized Handle open(Path file, Mode mode) throws IOException {
    step("open " + file.getFileName());
    Inode inode = names.get(file);
    if (mode == Mode.CREATE) {
      if (inode != null) {
        throw new FileAlreadyExistsException(file.toString());
      }
      inode = new Inode(new byte[0]);
      names.put(file, inode);
      change(file, new Change(NONE, file, inode));
    } else if (inode == null) {
      throw new FileNotFoundException(file.toString());
    }
    return new OpenFile(file, inode);
  }

  private void change(Path file, Change change) {
    pending.computeIfAbsent(file.getParent(), p -> new ArrayList<>()).add(change);
  }

  @Override
  public synchronized void createDirectories(Path folder) throws IOException {
    if (!folders.contains(folder)) {
      step("mkdir " + folder);
      folders.add(folder);
    }
  }

  @Override
  public void restrict(Path folder) {}

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (careless == Carelessness.PUBLISHED_BEFORE_KEPT) {
      if (to.endsWith("signed")) {
        postponed = to;
        return;
      }
      if (to.endsWith("checkpoint") && !postponed.equals(NONE)) {
        Path signed = postponed;
        postponed = NONE;
        move(from, to);
        forceDirectory(to.resolveSibling(""));
        move(signed.resolveSibling("signed.tmp"), signed);
        forceDirectory(signed.resolveSibling(""));
        return;
      }
    }
    move(from, to);
  }

  private void move(Path from, Path to) throws IOException {
    step("rename " + to.getFileName());
    Inode inode = names.remove(from);
    if (inode == null) {
      throw new FileNotFoundException(from.toString());
    }
    names.put(to, inode);
    change(to, new Change(from, to, inode));
  }

  @Override
  public synchronized void delete(Path file) throws IOException {
    step("delete " + file.getFileName());
    if (names.remove(file) != null) {
      change(file, new Change(file, NONE, new Inode(new byte[0])));
    }
  }

  @Override
  public synchronized void forceDirectory(Path folder) throws IOException {
    step("fsync folder " + folder.getFileName());
    if (careless == Carelessness.NAMES_NOT_FORCED) {
      return;
    }
    for (Change change : pending.getOrDefault(folder, List.of())) {
      keptNames.remove(change.removed);
      if (!change.added.equals(NONE)) {
        keptNames.put(change.added, change.inode);
      }
    }
    pending.remove(folder);
  }

  @Override
  public synchronized List<String> list(Path folder) {
    TreeSet<String> found = new TreeSet<>();
    for (Path name : names.keySet()) {
      if (name.startsWith(folder) && !name.equals(folder)) {
        found.add(String.valueOf(folder.relativize(name).getName(0)));
      }
    }
    return List.copyOf(found);
  }

  @Override
  public synchronized boolean exists(Path file) {
    return names.containsKey(file);
  }

  @Override
  public boolean sameOwner(Path one, Path other) {
    return true;
  }

  @Override
  public synchronized Closeable lock(Path file) throws IOException {
    step("lock");
    if (locked) {
      throw new LogInUseException("held by another process");
    }
    locked = true;
    return () -> locked = false;
  }

  private final class OpenFile implements Handle {
    private final Path name;
    private final Inode inode;

    OpenFile(Path name, Inode inode) {
      this.name = name;
      this.inode = inode;
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      synchronized (CrashFs.this) {
        byte[] bytes = new byte[source.remaining()];
        source.get(bytes);
        if (name.endsWith("signed.tmp") || name.endsWith("checkpoint.tmp")) {
          notes.add(bytes);
        }
        // A write may be cut short by what the plan does.
        put(bytes, bytes.length / 2, (int) position);
        step("write " + name.getFileName());
        put(bytes, bytes.length, (int) position);
      }
    }

    private void put(byte[] bytes, int count, int position) {
      int end = position + count;
      if (end > inode.now.length) {
        inode.now = Arrays.copyOf(inode.now, end);
      }
      System.arraycopy(bytes, 0, inode.now, position, count);
      if (count > 0) {
        inode.dirty.set(position / SECTOR, (end - 1) / SECTOR + 1);
      }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      synchronized (CrashFs.this) {
        step("read " + name.getFileName());
        int count = (int) Math.clamp(inode.now.length - position, 0, target.remaining());
        target.put(inode.now, (int) Math.min(position, inode.now.length), count);
        return count;
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (CrashFs.this) {
        step("fdatasync " + name.getFileName());
        boolean segment = name.toString().endsWith(".seg");
        if (careless == Carelessness.JOURNAL_NOT_FORCED && segment) {
          return;
        }
        if (careless == Carelessness.ACKNOWLEDGED_BEFORE_FORCED && segment) {
          inode.keep(inode.flushing);
          inode.flushing = (BitSet) inode.dirty.clone();
          return;
        }
        inode.keep((BitSet) inode.dirty.clone());
      }
    }

    @Override
    public long size() {
      return inode.now.length;
    }

    @Override
    public void close() {}
  }

  /// Names of files that hold `bytes`.
  synchronized List<String> filesWith(byte[] bytes) {
    String wanted = new String(bytes, StandardCharsets.ISO_8859_1);
    return names.entrySet().stream()
        .filter(e -> new String(e.getValue().now, StandardCharsets.ISO_8859_1).contains(wanted))
        .map(e -> e.getKey().toString())
        .toList();
  }

  /// The same disk as a reader sees it.
  LogSource source(Path root) {
    return new LogSource() {
      @Override
      public Optional<byte[]> read(String path) {
        Inode inode = names.get(root.resolve(path));
        return inode == null ? Optional.empty() : Optional.of(inode.now.clone());
      }

      @Override
      public Optional<byte[]> read(String path, long offset, int length) {
        Inode inode = names.get(root.resolve(path));
        if (inode == null) {
          return Optional.empty();
        }
        int from = (int) Math.min(offset, inode.now.length);
        return Optional.of(
            Arrays.copyOfRange(inode.now, from, Math.min(from + length, inode.now.length)));
      }

      @Override
      public List<String> list(String folder) {
        return CrashFs.this.list(root.resolve(folder));
      }
    };
  }
}
