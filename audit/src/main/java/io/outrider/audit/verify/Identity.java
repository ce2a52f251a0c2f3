package io.outrider.audit.verify;

import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Whether a log says that it is the one whose key it is checked with: in its first record, and in
/// the copy of the key that it publishes.
final class Identity {
  private static final String FORMAT = "1";

  private final Problems problems;
  private String format = FORMAT;
  private Optional<String> named = Optional.empty();
  private String origin = "";

  Identity(Problems problems) {
    this.problems = problems;
  }

  void follow(LeafScan leaf, long index) {
    if (index == 0 && leaf.isEvent("genesis")) {
      format = leaf.fact("format");
      named = Optional.of(leaf.fact("vkey"));
      origin = leaf.fact("origin");
    } else if (leaf.isEvent("genesis")) {
      problems.add(Verdict.TAMPERED, index, "is a second genesis (expected: one, as record 0)");
    }
  }

  void end(LogSource source, VerifierKey key, long size) throws IOException {
    if (size == 0) {
      problems.add(
          Verdict.INCOMPLETE,
          -1,
          LogFiles.CHECKPOINT + ": covers no record (expected: the genesis record at least)");
    }
    if (!format.equals(FORMAT)) {
      problems.add(
          Verdict.UNREADABLE,
          0,
          "format " + SafeText.of(format, 60) + " (expected: " + FORMAT + ")");
    }
    if (named.isPresent() && !(named.get().equals(key.toString()) && origin.equals(key.name()))) {
      problems.add(
          Verdict.TAMPERED,
          0,
          "is the beginning of the log of "
              + SafeText.of(origin + ", key " + named.get(), 400)
              + " (expected: of "
              + key
              + ")");
    }
    Optional<byte[]> published = source.read(LogFiles.VERIFIER_KEY);
    if (published.isPresent() && !isKey(published.get(), key)) {
      problems.add(
          Verdict.TAMPERED,
          -1,
          LogFiles.VERIFIER_KEY
              + ": is not the key that was given (expected: "
              + key
              + "); who takes this one reads nothing, or another log");
    }
  }

  private static boolean isKey(byte[] text, VerifierKey key) {
    try {
      return VerifierKey.parse(new String(text, StandardCharsets.UTF_8)).equals(key);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
