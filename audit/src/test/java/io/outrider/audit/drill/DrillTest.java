package io.outrider.audit.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.Inbox;
import io.outrider.audit.Samples;
import io.outrider.audit.Waiting;
import io.outrider.audit.format.PolicyContent;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.Event;
import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.VerifyOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Every way of tampering, on logs of several shapes. `-Daudit.drill.seeds=N` makes more choices.
class DrillTest {
  private final DiskInMemory disk = new DiskInMemory();

  private AuditOptions options() {
    return AuditOptions.in(DiskInMemory.ROOT)
        .withOrigin("example.com/drill")
        .withSegmentBytes(1 << 18)
        .withFiles(disk.files());
  }

  private VerifierKey write(int calls) throws Exception {
    try (AuditLog log = AuditLog.open(options())) {
      write(log, calls);
      return log.publicKey();
    }
  }

  private static void write(AuditLog log, int calls) {
    for (int i = 0; i < calls; i++) {
      Waiting.append(log, Samples.intent("c-" + i));
      Waiting.append(log, Samples.outcome("c-" + i));
      Waiting.append(log, Samples.refusal("r-" + i));
    }
  }

  private DrillReport drill(VerifierKey key, long limit, long seed) throws Exception {
    return Drill.run(disk.source(), key, limit, seed, (trial, spoilt) -> {});
  }

  private static void assertAllDetected(DrillReport report) {
    assertThat(report.trials())
        .as("seed %s", report.seed())
        .allSatisfy(trial -> {
          assertThat(trial.detected()).as("%s: %s", trial.name(), trial.what()).isTrue();
          assertThat(trial.verdict().exitCode()).isPositive();
          assertThat(trial.by()).isNotEmpty();
        });
    assertThat(report.allDetected()).isTrue();
  }

  @Test
  void everyTamperingIsDetectedWhateverItHits() throws Exception {
    write(90);
    VerifierKey key = write(90);
    long first = Long.getLong("audit.drill.seed", 1);
    int seeds = Integer.getInteger("audit.drill.seeds", 20);
    int trials = 0;
    for (int i = 0; i < seeds; i++) {
      DrillReport report = drill(key, Drill.DEFAULT_LIMIT, first + i);
      assertThat(report.baseline().problems()).isEmpty();
      assertThat(report.impossible()).containsOnlyKeys("policy-changed");
      assertAllDetected(report);
      trials += report.trials().size();
    }
    System.out.printf(
        "drill: %d tamperings on a log of 545 records, 0 undetected (seeds from %d)%n",
        trials, first);
  }

  @Test
  void aPolicyThatWasChangedShows() throws Exception {
    byte[] content =
        "\0\0\0\6module\0\0\0\6a.rego\0\0\0\11package a".getBytes(StandardCharsets.US_ASCII);
    VerifierKey key;
    try (AuditLog log = AuditLog.open(options())) {
      log.keepPolicy(content);
      String digest = PolicyContent.digest(content);
      Waiting.append(
          log, new Event(Event.Kind.POLICY, Samples.NOON, Map.of("policy_digest", digest)));
      key = log.publicKey();
    }
    DrillReport report = drill(key, Drill.DEFAULT_LIMIT, 1);
    assertAllDetected(report);
    assertThat(report.trials()).anyMatch(t -> t.name().equals("policy-changed"));
  }

  @Test
  void smallestLogCanBeSpoiltInMoreThanTwelveWays() throws Exception {
    VerifierKey key = write(0);
    for (int seed = 0; seed < 100; seed++) {
      DrillReport report = drill(key, Drill.DEFAULT_LIMIT, seed);
      assertThat(report.records()).isEqualTo(3);
      assertThat(report.trials()).hasSizeGreaterThan(12);
      assertAllDetected(report);
    }
  }

  @Test
  void ofALargeLogTheBeginningIsDrilled() throws Exception {
    DrillReport report = drill(write(180), 100_000, 3);
    assertThat(report.total()).isEqualTo(543);
    assertThat(report.records()).isEqualTo(256);
    assertThat(report.impossible()).containsKeys("journal-bit", "journal-reworded");
    assertAllDetected(report);
  }

  @Test
  void logIsDrilledWhileItIsWritten() throws Exception {
    try (AuditLog log = AuditLog.open(options().withCheckpointInterval(Duration.ofMillis(1)))) {
      for (int round = 0; round < 5; round++) {
        write(log, 60);
        assertAllDetected(drill(log.publicKey(), Drill.DEFAULT_LIMIT, round));
      }
    }
  }

  @Test
  void aPrunedLogIsDrilledWhereItHasRecords() throws Exception {
    write(200);
    VerifierKey key = write(50);
    Event prune =
        new Event(
            Event.Kind.PRUNE,
            Samples.NOON,
            Map.of("by", "ann", "reason", "400 days", "minimum", "512"));
    assertThat(Inbox.record(options(), prune)).isInstanceOf(Inbox.Recorded.Written.class);
    assertThat(disk.list("tile/entries")).doesNotContain("000", "001");
    for (int seed = 0; seed < 10; seed++) {
      DrillReport report = drill(key, Drill.DEFAULT_LIMIT, seed);
      assertThat(report.baseline().pruned()).isEqualTo(512);
      assertThat(report.trials()).hasSizeGreaterThan(20);
      assertAllDetected(report);
    }
  }

  @Test
  void logThatIsSpoiltAlreadyIsSaidToBe() throws Exception {
    VerifierKey key = write(90);
    disk.files().delete(DiskInMemory.ROOT.resolve("tile/entries/000"));
    DrillReport report = drill(key, Drill.DEFAULT_LIMIT, 1);
    assertThat(report.isMeaningful()).isFalse();
    assertThat(report.allDetected()).isFalse();
    assertThat(report.trials()).isEmpty();
    assertThat(report.baseline().verdict()).isEqualTo(Verdict.TAMPERED);
  }

  @Test
  void spoiltCopiesAreHandedOutAndTheLogItselfIsUntouched() throws Exception {
    VerifierKey key = write(10);
    Map<String, Verdict> again = new HashMap<>();
    DrillReport report =
        Drill.run(
            disk.source(),
            key,
            Drill.DEFAULT_LIMIT,
            1,
            (trial, spoilt) -> again.put(trial.name(), verdict(spoilt)));
    report.trials().forEach(t -> assertThat(again).containsEntry(t.name(), t.verdict()));
    assertThat(new TreeSet<>(again.keySet())).hasSize(report.trials().size());
    assertThat(AuditVerifier.verify(disk.source(), key).verdict()).isEqualTo(Verdict.OK);
  }

  private static Verdict verdict(Tampered spoilt) {
    VerifyOptions options = VerifyOptions.DEFAULT.withKey(spoilt.key());
    for (byte[] note : spoilt.saved()) {
      options = options.withSaved("saved", note);
    }
    return AuditVerifier.check(spoilt.log(), options).verdict();
  }

  @Test
  void privateKeyIsNeverRead() throws Exception {
    VerifierKey key = write(5);
    disk.fault(operation -> {
      if (operation.contains("signing.key")) {
        throw new AssertionError(operation);
      }
    });
    Drill.run(
        disk.source(),
        key,
        Drill.DEFAULT_LIMIT,
        1,
        (trial, spoilt) ->
            assertThat(spoilt.log().files().values())
                .noneMatch(content ->
                    new String(content, StandardCharsets.ISO_8859_1).contains("PRIVATE+KEY")));
  }
}
