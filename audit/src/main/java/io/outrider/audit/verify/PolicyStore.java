package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.PolicyContent;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// The policies kept in a log's folder, each under the digest by which records name it, so that a
/// reviewer reads the rules as they were.
public final class PolicyStore {
  private PolicyStore() {}

  /// The files of the policies that records name by `digest`; empty if they are not kept.
  ///
  /// @param digest as in `pol`, with or without `sha256:`
  /// @throws FormatException if what is kept does not have this digest, or the digest is none
  public static Optional<List<PolicyContent.File>> read(LogSource source, String digest)
      throws IOException, FormatException {
    String path =
        PolicyContent.path(digest)
            .orElseThrow(() ->
                new FormatException(
                    "policy digest \"" + digest + "\" (expected: sha256: and 64 hex digits)"));
    Optional<byte[]> content = source.read(path);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    String found = PolicyContent.digest(content.get());
    if (!found.endsWith(path.substring("policy/".length()))) {
      throw new FormatException(path + ": its content has the digest " + found);
    }
    return Optional.of(PolicyContent.parse(content.get()));
  }
}
