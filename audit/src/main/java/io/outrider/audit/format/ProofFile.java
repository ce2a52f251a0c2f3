package io.outrider.audit.format;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// Proof that one leaf is in a log, in one file that needs nothing else (C2SP tlog-proof,
/// `.tlog-proof`).
///
/// @param extra unauthenticated bytes that travel along; we put the leaf there
/// @param index position of the leaf
/// @param path sibling hashes, the leaf's own first
/// @param checkpoint the signed note whose root the path leads to
public record ProofFile(Optional<byte[]> extra, long index, List<byte[]> path, byte[] checkpoint) {

  private static final String HEADER = "c2sp.org/tlog-proof@v1\n";

  /// A path longer than this belongs to no tree a 64-bit size can describe.
  private static final int MAX_PATH = 63;

  public ProofFile {
    path = List.copyOf(path);
  }

  /// Reads a proof file without checking it.
  public static ProofFile parse(byte[] bytes) throws FormatException {
    String all = new String(bytes, StandardCharsets.UTF_8);
    if (!all.startsWith(HEADER)) {
      throw new FormatException("proof: does not start with " + HEADER.strip());
    }
    int end = all.indexOf("\n\n", HEADER.length());
    if (end < 0) {
      throw new FormatException("proof: no empty line before the checkpoint");
    }
    List<String> lines =
        new ArrayList<>(List.of(all.substring(HEADER.length(), end).split("\n", -1)));
    Optional<byte[]> extra = Optional.empty();
    if (lines.getFirst().startsWith("extra ")) {
      extra = Optional.of(base64(lines.removeFirst().substring("extra ".length()), -1));
    }
    if (lines.isEmpty() || !lines.getFirst().matches("index (0|[1-9][0-9]{0,18})")) {
      throw new FormatException("proof: no index line");
    }
    long index;
    try {
      index = Long.parseLong(lines.removeFirst().substring("index ".length()));
    } catch (NumberFormatException e) {
      throw new FormatException("proof: index out of range", e);
    }
    if (lines.size() > MAX_PATH) {
      throw new FormatException(
          "proof: " + lines.size() + " hashes (expected: at most " + MAX_PATH + ")");
    }
    List<byte[]> path = new ArrayList<>();
    for (String line : lines) {
      path.add(base64(line, Sha256.BYTES));
    }
    return new ProofFile(
        extra, index, path, all.substring(end + 2).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] base64(String text, int length) throws FormatException {
    byte[] decoded;
    try {
      decoded = StrictBase64.decode(text);
    } catch (IllegalArgumentException e) {
      throw new FormatException("proof: \"" + text + "\" is not base64", e);
    }
    if (length >= 0 && decoded.length != length) {
      throw new FormatException(
          "proof: hash of " + decoded.length + " bytes (expected: " + length + ")");
    }
    return decoded;
  }

  /// The file.
  public byte[] bytes() {
    StringBuilder out = new StringBuilder(HEADER);
    extra.ifPresent(
        e -> out.append("extra ").append(Base64.getEncoder().encodeToString(e)).append('\n'));
    out.append("index ").append(index).append('\n');
    for (byte[] hash : path) {
      out.append(Base64.getEncoder().encodeToString(hash)).append('\n');
    }
    out.append('\n').append(new String(checkpoint, StandardCharsets.UTF_8));
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }
}
