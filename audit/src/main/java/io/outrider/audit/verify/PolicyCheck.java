package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// Whether the policies that came into force are kept, and are the ones whose digest was recorded.
/// A copy of the public files has none and misses none.
final class PolicyCheck {
  /// Digests followed at most; a log that names more is not one of ours.
  private static final int MAX_DIGESTS = 100_000;

  /// `sha256:` and 64 digits, and room to say what is wrong with another.
  private static final int MAX_DIGEST = 128;

  private final Problems problems;
  private final Map<String, Long> named = new LinkedHashMap<>();

  PolicyCheck(Problems problems) {
    this.problems = problems;
  }

  void follow(LeafScan leaf) {
    if (named.size() < MAX_DIGESTS) {
      leaf.leaf()
          .text("f.policy_digest")
          .filter(digest -> digest.length() <= MAX_DIGEST)
          .ifPresent(digest -> named.putIfAbsent(digest, leaf.index()));
    }
  }

  /// @param whole whether the source has the private parts of the log, too
  void end(LogSource source, boolean whole) throws IOException {
    if (!whole && source.list("policy").isEmpty()) {
      return;
    }
    for (Map.Entry<String, Long> policy : named.entrySet()) {
      try {
        if (PolicyStore.read(source, policy.getKey()).isEmpty()) {
          problems.add(
              Verdict.INCOMPLETE,
              policy.getValue(),
              "the policies it brought into force, " + policy.getKey() + ", are not kept");
        }
      } catch (FormatException e) {
        problems.add(
            Verdict.TAMPERED,
            policy.getValue(),
            "the policies it brought into force were changed: " + e.getMessage());
      }
    }
  }
}
