package io.outrider.limit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cells of one kind by name. Names come from outside, so idle ones are swept out: the table
/// holds what is in use, a few hundred idle names, and never more than its bound. Guarded by the
/// limiter's lock.
final class CellTable {

  /// Idle names up to this number stay, which spares a busy server from making the same cell anew
  /// for every call.
  static final int KEEP = 512;

  /// A name longer than this is kept only in part. MCP allows tool names of 128 characters; nobody
  /// may fill the memory with longer ones.
  static final int MAX_NAME = 256;

  private static final long SWEEP_PAUSE_NANOS = 1_000_000_000L;

  private final LimitKind kind;
  private final String prefix;
  private final Map<String, Cell> cells = new HashMap<>();
  private int sweepAbove = KEEP;
  private long fullSince;
  private boolean full;

  /// @param prefix what the keys of the cells begin with when shown, such as `files/`
  CellTable(LimitKind kind, String prefix) {
    this.kind = kind;
    this.prefix = prefix;
  }

  /// The cell of that name, made if needed; null when the table is full of names in use.
  @Nullable Cell get(String name, int maxKeys, long now) {
    Cell known = cells.get(name);
    if (known != null) {
      return known;
    }
    String key = clipped(name);
    known = cells.get(key);
    if (known != null) {
      return known;
    }
    if (cells.size() >= Math.min(sweepAbove, maxKeys) && !makeRoom(maxKeys, now)) {
      return null;
    }
    CellTable tools = kind == LimitKind.UPSTREAM ? new CellTable(LimitKind.TOOL, key + "/") : null;
    Cell made = new Cell(kind, prefix + key, tools);
    cells.put(key, made);
    return made;
  }

  int size() {
    int size = cells.size();
    for (Cell cell : cells.values()) {
      size += cell.tools == null ? 0 : cell.tools.size();
    }
    return size;
  }

  Iterable<Cell> all() {
    return cells.values();
  }

  private boolean makeRoom(int maxKeys, long now) {
    // A full table is swept at most once a second: looking at every name for every refused call
    // would
    // hand an attacker the lock.
    if (full && now - fullSince < SWEEP_PAUSE_NANOS) {
      return false;
    }
    cells.values().removeIf(cell -> cell.idle(now));
    // Doubling what is in use keeps the cost of sweeping at a constant share of each new name.
    sweepAbove = Math.max(KEEP, cells.size() * 2);
    full = cells.size() >= maxKeys;
    fullSince = now;
    return !full;
  }

  /// Two long names that agree here share a cell, which can only make the limit tighter.
  private static String clipped(String name) {
    if (name.length() <= MAX_NAME) {
      return name;
    }
    return name.substring(0, MAX_NAME) + "~" + Integer.toHexString(name.hashCode());
  }
}
