package io.outrider.audit.format;

import java.util.Locale;

/// Names of tiles and entry bundles as C2SP tlog-tiles lays them out, with `/` between folders.
public final class TilePath {
  private TilePath() {}

  /// Hashes in a full tile, entries in a full bundle.
  public static final int WIDTH = 256;

  /// `tile/<level>/<index>[.p/<width>]`.
  ///
  /// @param width 1 to 256; 256 names the full tile
  public static String tile(int level, long index, int width) {
    return "tile/" + level + "/" + number(index) + partial(width);
  }

  /// `tile/entries/<index>[.p/<width>]`.
  public static String entries(long index, int width) {
    return "tile/entries/" + number(index) + partial(width);
  }

  /// `sealed/<index>`: our own folder beside the public ones, for the openings of a full bundle's
  /// commitments.
  public static String sealed(long index) {
    return "sealed/" + number(index);
  }

  /// Width of the tile `index` at `level` in a tree of `size` leaves: 256 if full, 0 if there is
  /// none.
  public static int width(int level, long index, long size) {
    int shift = 8 * level;
    long hashes = shift >= Long.SIZE ? 0 : size >>> shift;
    return (int) Math.clamp(hashes - index * WIDTH, 0, WIDTH);
  }

  /// Groups of three digits, all but the last marked with `x`.
  static String number(long index) {
    if (index < 0) {
      throw new IllegalArgumentException("index: " + index + " (expected: >= 0)");
    }
    String path = String.format(Locale.ROOT, "%03d", index % 1_000);
    for (long rest = index / 1_000; rest > 0; rest /= 1_000) {
      path = String.format(Locale.ROOT, "x%03d/", rest % 1_000) + path;
    }
    return path;
  }

  private static String partial(int width) {
    if (width < 1 || width > WIDTH) {
      throw new IllegalArgumentException("width: " + width + " (expected: 1 to " + WIDTH + ")");
    }
    return width == WIDTH ? "" : ".p/" + width;
  }
}
