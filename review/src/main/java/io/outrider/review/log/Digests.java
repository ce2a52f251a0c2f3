package io.outrider.review.log;

import io.outrider.audit.format.Sha256;
import java.util.HexFormat;

/// SHA-256 in hex.
public final class Digests {
  private Digests() {}

  public static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(Sha256.of(bytes));
  }
}
