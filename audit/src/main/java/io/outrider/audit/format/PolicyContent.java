package io.outrider.audit.format;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The policies that were in force at a time, as they are kept beside the records that name them:
/// `u32 length ‖ kind ‖ u32 length ‖ name ‖ u32 length ‖ text` for each file. Their digest is the
/// SHA-256 of these bytes.
public final class PolicyContent {

  /// Longer contents are not kept: nobody reviews that much, and a verifier must hold it.
  public static final int MAX_BYTES = 32 << 20;

  private static final String PREFIX = "sha256:";

  private PolicyContent() {}

  /// One file of the policies.
  ///
  /// @param kind `module`, `module` with the version of the language, or `data`
  /// @param name of a module, its file; of data, the place under `data`
  public record File(String kind, String name, String text) {}

  /// The digest that records name a content by.
  public static String digest(byte[] content) {
    return PREFIX + HexFormat.of().formatHex(Sha256.of(content));
  }

  /// Where in the log's folder a content lies.
  ///
  /// @param digest as records name it; empty if it is not such a digest
  public static Optional<String> path(String digest) {
    String hex = digest.startsWith(PREFIX) ? digest.substring(PREFIX.length()) : digest;
    return hex.matches("[0-9a-f]{64}") ? Optional.of("policy/" + hex) : Optional.empty();
  }

  /// Reads the files of a content.
  ///
  /// @throws FormatException if it is not one
  public static List<File> parse(byte[] content) throws FormatException {
    List<File> files = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(content);
    while (in.hasRemaining()) {
      files.add(new File(part(in), part(in), part(in)));
    }
    return files;
  }

  private static String part(ByteBuffer in) throws FormatException {
    int length = in.remaining() < Integer.BYTES ? -1 : in.getInt();
    if (length < 0 || length > in.remaining()) {
      throw new FormatException("policy: ends inside a part at " + in.position());
    }
    ByteBuffer text = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw new FormatException("policy: not UTF-8 before " + in.position(), e);
    }
  }
}
