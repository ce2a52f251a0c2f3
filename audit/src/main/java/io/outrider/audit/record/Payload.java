package io.outrider.audit.record;

import org.jspecify.annotations.Nullable;

/// What is kept of arguments or of an answer.
///
/// Neither digest nor text enters the tree: the leaf carries a salted commitment to each, and the
/// value lies beside it, so that it can be erased later without disturbing any proof.
///
/// @param bytes size on the wire; -1 when unknown
/// @param sha256 hex SHA-256 of the unredacted bytes
/// @param redactedText the text after redaction, where `payloads: redacted` asks for it; never the
///   original
public record Payload(long bytes, @Nullable String sha256, @Nullable String redactedText) {

  /// Nothing was seen.
  public static final Payload NONE = new Payload(-1, null, null);

  public Payload {
    if (bytes < -1) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= -1)");
    }
  }

  /// Size and digest only.
  public static Payload of(long bytes, @Nullable String sha256) {
    return new Payload(bytes, sha256, null);
  }
}
