package io.outrider.audit.verify;

import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What to check a log against, and how deeply.
///
/// @param key the log's public key, from somewhere else than the log; empty takes the log's own
///   word for it
/// @param saved checkpoints that were saved earlier; the log must begin with each of them
/// @param policy which witnesses are known and how many must have cosigned
/// @param anchoredWithin how long ago the log may have been anchored last
/// @param deep also checks every signature of every checkpoint that was kept
/// @param everyPair lists every call without its outcome, not only the first
/// @param anchors anchors of other kinds than witnesses
/// @param clock what "recently" is measured by
/// @param progress told after each bundle, on the thread that asked for the check
/// @param threads how many check bundles at a time; the result is the same
public record VerifyOptions(
    Optional<VerifierKey> key,
    List<Saved> saved,
    Optional<TlogPolicy> policy,
    Optional<Duration> anchoredWithin,
    boolean deep,
    boolean everyPair,
    List<AnchorReader> anchors,
    InstantSource clock,
    Progress progress,
    int threads) {

  /// More would wait for the one that puts their results together.
  private static final int MAX_THREADS = 16;

  /// The defaults: the log's own key, no anchor asked for, and all processors.
  public static final VerifyOptions DEFAULT =
      new VerifyOptions(
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          List.of(),
          InstantSource.system(),
          Progress.NONE,
          Math.min(Runtime.getRuntime().availableProcessors(), MAX_THREADS));

  /// Told how far a check is.
  public interface Progress {
    /// Tells nobody.
    Progress NONE = (done, total) -> {};

    /// @param done records or proofs that were checked
    /// @param total how many there are
    void at(long done, long total);
  }

  /// A checkpoint from somewhere else, under the name a person knows it by.
  public record Saved(String name, byte[] note) {}

  public VerifyOptions {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: > 0)");
    }
    saved = List.copyOf(saved);
    anchors = List.copyOf(anchors);
    anchoredWithin.ifPresent(within -> {
      if (within.isNegative() || within.isZero()) {
        throw new IllegalArgumentException("anchored within: " + within + " (expected: > 0)");
      }
    });
  }

  public VerifyOptions withKey(VerifierKey newKey) {
    return new VerifyOptions(
        Optional.of(newKey),
        saved,
        policy,
        anchoredWithin,
        deep,
        everyPair,
        anchors,
        clock,
        progress,
        threads);
  }

  /// The same, with one more saved checkpoint.
  public VerifyOptions withSaved(String name, byte[] note) {
    List<Saved> more = new ArrayList<>(saved);
    more.add(new Saved(name, note));
    return new VerifyOptions(
        key, more, policy, anchoredWithin, deep, everyPair, anchors, clock, progress, threads);
  }

  public VerifyOptions withPolicy(TlogPolicy newPolicy) {
    return new VerifyOptions(
        key,
        saved,
        Optional.of(newPolicy),
        anchoredWithin,
        deep,
        everyPair,
        anchors,
        clock,
        progress,
        threads);
  }

  public VerifyOptions withAnchoredWithin(Duration within) {
    return new VerifyOptions(
        key,
        saved,
        policy,
        Optional.of(within),
        deep,
        everyPair,
        anchors,
        clock,
        progress,
        threads);
  }

  public VerifyOptions withDepth(boolean everySignature, boolean everyUnpairedCall) {
    return new VerifyOptions(
        key,
        saved,
        policy,
        anchoredWithin,
        everySignature,
        everyUnpairedCall,
        anchors,
        clock,
        progress,
        threads);
  }

  public VerifyOptions withAnchors(List<AnchorReader> readers) {
    return new VerifyOptions(
        key, saved, policy, anchoredWithin, deep, everyPair, readers, clock, progress, threads);
  }

  public VerifyOptions withClock(InstantSource newClock) {
    return new VerifyOptions(
        key, saved, policy, anchoredWithin, deep, everyPair, anchors, newClock, progress, threads);
  }

  public VerifyOptions withProgress(Progress listener) {
    return new VerifyOptions(
        key, saved, policy, anchoredWithin, deep, everyPair, anchors, clock, listener, threads);
  }

  /// The same on so many threads.
  public VerifyOptions withThreads(int count) {
    return new VerifyOptions(
        key, saved, policy, anchoredWithin, deep, everyPair, anchors, clock, progress, count);
  }
}
