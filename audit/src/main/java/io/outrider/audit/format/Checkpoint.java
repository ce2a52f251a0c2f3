package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// What a log claims at one moment: its name, how many leaves it has and what they hash to (C2SP
/// tlog-checkpoint).
public record Checkpoint(String origin, long size, byte[] root) {

  public Checkpoint {
    VerifierKey.checkName(origin);
    if (size < 0) {
      throw new IllegalArgumentException("size: " + size + " (expected: >= 0)");
    }
    if (root.length != Sha256.BYTES) {
      throw new IllegalArgumentException(
          "root: " + root.length + " bytes (expected: " + Sha256.BYTES + ")");
    }
    root = root.clone();
  }

  /// Reads the text of a note. Extension lines are allowed and ignored.
  ///
  /// @throws FormatException if it is not a checkpoint in canonical spelling
  public static Checkpoint parse(String text) throws FormatException {
    List<String> lines = List.of(text.split("\n", -1));
    if (lines.size() < 4 || !lines.getLast().isEmpty()) {
      throw new FormatException(
          "checkpoint: " + (lines.size() - 1) + " lines (expected: origin, size, root)");
    }
    if (lines.subList(0, lines.size() - 1).stream().anyMatch(String::isEmpty)) {
      throw new FormatException("checkpoint: an empty line (expected: none)");
    }
    byte[] root;
    long size;
    try {
      size = Long.parseLong(lines.get(1));
      root = StrictBase64.decode(lines.get(2));
    } catch (IllegalArgumentException e) {
      throw new FormatException("checkpoint: size or root is not spelled as the format asks", e);
    }
    if (!Long.toString(size).equals(lines.get(1)) || size < 0) {
      throw new FormatException(
          "checkpoint: size \"" + lines.get(1) + "\" (expected: decimal without leading zeroes)");
    }
    if (root.length != Sha256.BYTES) {
      throw new FormatException(
          "checkpoint: root \"" + lines.get(2) + "\" (expected: base64 of 32 bytes)");
    }
    try {
      return new Checkpoint(lines.getFirst(), size, root);
    } catch (IllegalArgumentException e) {
      throw new FormatException("checkpoint: " + e.getMessage(), e);
    }
  }

  /// The text that is signed.
  public String text() {
    return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
  }

  /// The bytes that are signed.
  public byte[] bytes() {
    return text().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte[] root() {
    return root.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Checkpoint that
        && origin.equals(that.origin)
        && size == that.size
        && Arrays.equals(root, that.root);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(root);
  }

  @Override
  public String toString() {
    return "Checkpoint["
        + origin
        + ", size "
        + size
        + ", root "
        + Base64.getEncoder().encodeToString(root)
        + "]";
  }
}
