package io.outrider.audit.drill;

import io.outrider.audit.drill.DrillReport.Trial;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// Spoils copies of a log, one in each way there is, and lets the verifier look at each.
///
/// The copies are in memory. What takes the log's private key is done to a copy that a key made for
/// the drill has signed, and judged with that key's public half: the drill never reads the log's
/// own.
public final class Drill {
  /// So much of a log is drilled: enough for tens of thousands of records, and a few seconds.
  public static final long DEFAULT_LIMIT = 32L << 20;

  /// A log that is being written may change while it is copied.
  private static final int ATTEMPTS = 5;

  private Drill() {}

  /// Runs the drill.
  ///
  /// @param limit bytes of records to copy at most; of a larger log the beginning is drilled
  /// @param seed chooses records and bits
  /// @param told of each trial as it ends, with the spoilt copy
  /// @throws FormatException if the log is too damaged to be copied
  public static DrillReport run(
      LogSource source, VerifierKey key, long limit, long seed, BiConsumer<Trial, Tampered> told)
      throws IOException, FormatException {
    Specimen.Copies copies = Specimen.copy(source, key, limit);
    Verification baseline = baseline(copies);
    for (int i = 1; i < ATTEMPTS && baseline.verdict() != Verdict.OK; i++) {
      copies = Specimen.copy(source, key, limit);
      baseline = baseline(copies);
    }
    List<Trial> trials = new ArrayList<>();
    Map<String, String> impossible = new TreeMap<>();
    DrillReport report = report(baseline, copies, seed, trials, impossible);
    if (!report.isMeaningful()) {
      return report;
    }
    RandomGenerator random = new SplittableRandom(seed);
    Set<String> before = said(baseline);
    before.addAll(said(verify(copies.standIn())));
    for (Tampering tampering : tamperings()) {
      Specimen specimen =
          tampering.insider() || copies.whole() == null ? copies.standIn() : copies.whole();
      Optional<Tampered> tampered = tampering.act().on(specimen, random);
      if (tampered.isPresent()) {
        Trial trial = trial(tampering, tampered.get(), before);
        trials.add(trial);
        told.accept(trial, tampered.get());
      } else {
        impossible.put(tampering.name(), "needs " + tampering.needs());
      }
    }
    return report(baseline, copies, seed, trials, impossible);
  }

  private static DrillReport report(
      Verification baseline,
      Specimen.Copies copies,
      long seed,
      List<Trial> trials,
      Map<String, String> impossible) {
    return new DrillReport(
        baseline,
        copies.standIn().size(),
        copies.total(),
        copies.bytes(),
        seed,
        trials,
        impossible);
  }

  private static List<Tampering> tamperings() {
    return Stream.of(Outsider.all(), JournalForger.all(), HistoryForger.all(), Insider.all())
        .flatMap(List::stream)
        .toList();
  }

  private static Verification baseline(Specimen.Copies copies) {
    return verify(copies.whole() == null ? copies.standIn() : copies.whole());
  }

  private static Verification verify(Specimen specimen) {
    return AuditVerifier.verify(specimen.log(), specimen.key());
  }

  private static Trial trial(Tampering tampering, Tampered tampered, Set<String> before) {
    VerifyOptions options = VerifyOptions.DEFAULT.withKey(tampered.key());
    for (byte[] note : tampered.saved()) {
      options = options.withSaved("saved checkpoint", note);
    }
    Verification result = AuditVerifier.check(tampered.log(), options);
    Optional<Problem> news =
        result.problems().stream()
            .filter(problem -> !before.contains(problem.toString()))
            .findFirst();
    return new Trial(
        tampering.name(),
        tampering.insider(),
        tampered.what(),
        news.isPresent() && result.verdict() != Verdict.OK,
        result.verdict(),
        news.map(Problem::toString).orElse(""));
  }

  private static Set<String> said(Verification verification) {
    Set<String> said = new HashSet<>();
    verification.problems().forEach(problem -> said.add(problem.toString()));
    return said;
  }
}
