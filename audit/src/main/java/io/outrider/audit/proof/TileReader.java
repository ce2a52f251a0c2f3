package io.outrider.audit.proof;

import java.io.IOException;

/// Where tiles come from.
@FunctionalInterface
public interface TileReader {

  /// The first `width` hashes, one after the other, of the tile `index` at `level`.
  ///
  /// @throws IOException if the tile is missing or short
  byte[] tile(int level, long index, int width) throws IOException;
}
