package io.outrider.audit.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.Samples;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnchoringTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");

  @TempDir Path temp;
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path folder;
  private VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  private WitnessSigner first;
  private WitnessSigner second;
  private FakeWitness one;
  private FakeWitness two;

  @BeforeEach
  void aLogAndTwoWitnesses() throws Exception {
    folder = temp.resolve("log");
    append(folder, 10);
    first = WitnessSigner.ed25519("w.example/one");
    second = WitnessSigner.mlDsa("w.example/two");
    one = witness(first, "one");
    two = witness(second, "two");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private FakeWitness witness(WitnessSigner signer, String state) throws Exception {
    FakeWitness witness =
        new FakeWitness(signer, key, temp.resolve(state), InstantSource.fixed(NOW));
    open.add(witness);
    return witness;
  }

  private void append(Path where, int records) throws Exception {
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(where).withOrigin("example.com/anchored").withSegmentBytes(1 << 18))) {
      key = log.publicKey();
      append(log, records);
    }
  }

  private static void append(AuditLog log, int records) throws Exception {
    CompletableFuture<Receipt> last = new CompletableFuture<>();
    for (int i = 0; i < records; i++) {
      CompletableFuture<Receipt> told = new CompletableFuture<>();
      last = told;
      log.append(
          Samples.refusal("c-" + i),
          Runnable::run,
          new AppendListener() {
            @Override
            public void durable(Receipt receipt) {
              told.complete(receipt);
            }

            @Override
            public void failed(AuditUnavailable reason) {
              told.completeExceptionally(new IllegalStateException(reason.detail()));
            }
          });
    }
    last.get(20, TimeUnit.SECONDS);
  }

  private TlogPolicy policy(int needed) {
    return TlogPolicy.of(List.of(one.entry("one"), two.entry("two")), needed);
  }

  private Anchoring anchoring(int needed) {
    Anchoring anchoring =
        new Anchoring(
            policy(needed), LogSource.folder(folder), new WitnessClient(Duration.ofSeconds(5)));
    open.add(anchoring);
    return anchoring;
  }

  private void keep(Anchoring.Round round) throws Exception {
    new AnchorFiles(FileOps.real(), folder).cosigned(round.cosigned().orElseThrow());
  }

  private Verification verify(int needed) {
    return AuditVerifier.check(
        LogSource.folder(folder),
        VerifyOptions.DEFAULT
            .withKey(key)
            .withPolicy(policy(needed))
            .withAnchoredWithin(Duration.ofHours(1))
            .withClock(InstantSource.fixed(NOW.plusSeconds(60))));
  }

  @Test
  void witnessesFollowAGrowingLogByProof() throws Exception {
    Anchoring anchoring = anchoring(2);
    Anchoring.Round round = anchoring.run().orElseThrow();
    assertThat(round.quorum()).isTrue();
    assertThat(round.reports()).allMatch(r -> r.trouble().isEmpty() && r.size() == 13);
    keep(round);
    assertThat(verify(2).problems()).isEmpty();

    append(folder, 500);
    assertThat(anchoring.run().orElseThrow().quorum()).isTrue();
    assertThat(anchoring.run().orElseThrow().quorum()).as("the same once more").isTrue();
    assertThat(one.requests()).containsExactly("old 0", "old 13", "old 515");
  }

  @Test
  void aRestartGoesOnFromWhatWasKeptOrFromWhatTheWitnessSays() throws Exception {
    keep(anchoring(2).run().orElseThrow());
    append(folder, 3);
    assertThat(anchoring(2).run().orElseThrow().quorum()).isTrue();
    assertThat(one.requests()).containsExactly("old 0", "old 13");

    Files.delete(folder.resolve("anchors/cosigned"));
    append(folder, 3);
    assertThat(anchoring(2).run().orElseThrow().quorum()).isTrue();
    assertThat(one.requests()).containsExactly("old 0", "old 13", "old 0", "old 18");
  }

  @Test
  void oneWitnessThatIsAwayLeavesTheOther() throws Exception {
    two.mood(exchange -> FakeWitness.answer(exchange, 500, ""));
    Anchoring anchoring = anchoring(1);
    Anchoring.Round round = anchoring.run().orElseThrow();
    assertThat(round.quorum()).isTrue();
    assertThat(round.cosigned().orElseThrow().signatures()).hasSize(2);
    assertThat(round.reports().get(1).trouble()).contains("answered 500 (expected: 200)");
    assertThat(anchoring(2).run().orElseThrow().quorum()).isFalse();

    two.close();
    assertThat(anchoring.run().orElseThrow().reports().get(1).trouble())
        .contains("cannot be reached");
  }

  @Test
  void whatAWitnessMayNotSayIsNotTaken() throws Exception {
    WitnessSigner stranger = WitnessSigner.ed25519("w.example/one");
    SignedNote note = SignedNote.parse(Files.readAllBytes(folder.resolve("checkpoint")));
    String line =
        new String(
                new SignedNote(note.text(), List.of(stranger.cosign(note, NOW))).bytes(),
                StandardCharsets.UTF_8)
            .split("\n\n", -1)[1];
    Map<String, FakeWitness.Mood> moods =
        Map.of(
            "without a valid cosignature", e -> FakeWitness.answer(e, 200, line),
            "answered 200 and no signature", e -> FakeWitness.answer(e, 200, "fine\n"),
            "answered 409 and no size", e -> FakeWitness.answer(e, 409, "larger"),
            "answered 409 for the size it names itself", e -> FakeWitness.answer(e, 409, "3\n"),
            "answered 302", e -> FakeWitness.answer(e, 302, ""),
            "exceeds capacity", e -> FakeWitness.answer(e, 200, "x".repeat(100_000)));
    for (Map.Entry<String, FakeWitness.Mood> mood : moods.entrySet()) {
      one.mood(mood.getValue());
      Anchoring.Round round = anchoring(1).run().orElseThrow();
      String trouble = round.reports().getFirst().trouble();
      assertThat(trouble).contains(mood.getKey());
      assertThat(round.reports().getFirst().contradicts()).isFalse();
    }
  }

  @Test
  void aWitnessThatHangsIsNotWaitedFor() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    one.mood(exchange -> {
      try {
        done.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    try (Anchoring anchoring =
        new Anchoring(
            policy(1), LogSource.folder(folder), new WitnessClient(Duration.ofMillis(200)))) {
      assertThat(anchoring.run().orElseThrow().reports().getFirst().trouble())
          .contains("no answer within");
    } finally {
      done.countDown();
    }
  }

  @Test
  void aLogThatWasPutBackOrForkedIsContradicted() throws Exception {
    Path other = temp.resolve("other");
    Files.createDirectories(other);
    Files.copy(folder.resolve("signing.key"), other.resolve("signing.key"));
    append(folder, 20);
    assertThat(anchoring(2).run().orElseThrow().quorum()).isTrue();

    folder = other;
    append(folder, 5);
    WitnessReport cut = anchoring(2).run().orElseThrow().reports().getFirst();
    assertThat(cut.contradicts()).isTrue();
    assertThat(cut.trouble()).contains("has seen 35 records of this log (expected: at most 8)");

    append(folder, 25);
    WitnessReport same = anchoring(2).run().orElseThrow().reports().getFirst();
    assertThat(same.contradicts()).isTrue();
    assertThat(same.trouble()).contains("another tree of 35 records");

    append(folder, 7);
    WitnessReport longer = anchoring(2).run().orElseThrow().reports().getFirst();
    assertThat(longer.contradicts()).isTrue();
    assertThat(longer.trouble()).contains("422");
  }

  @Test
  void aRunningLogIsAnchoredBesideItsWork() throws Exception {
    BlockingQueue<Map<String, String>> changes = new LinkedBlockingQueue<>();
    try (AuditLog log =
        AuditLog.open(
            AuditOptions.in(folder)
                .withSegmentBytes(1 << 18)
                .withCheckpointInterval(Duration.ofMillis(20)))) {
      AnchorLoop loop =
          AnchorLoop.start(
              new AnchorLoop.Settings(
                  policy(2), List.of(), Duration.ofMillis(30), Duration.ofHours(1)),
              folder,
              new AnchorLoop.Target() {
                @Override
                public void cosigned(SignedNote note) {
                  log.cosigned(note);
                }

                @Override
                public void changed(Map<String, String> facts) {
                  changes.add(facts);
                }
              },
              InstantSource.fixed(NOW));
      append(log, 50);
      assertThat(changes.poll(20, TimeUnit.SECONDS))
          .containsEntry("state", "anchored")
          .containsEntry("by", "one two");
      two.mood(exchange -> FakeWitness.answer(exchange, 503, ""));
      assertThat(changes.poll(20, TimeUnit.SECONDS)).containsEntry("state", "not_anchored");
      assertThat(loop.state().troubles())
          .singleElement()
          .satisfies(t -> assertThat(t).contains("not anchored since", "two answered 503"));
      two.recover();
      assertThat(changes.poll(20, TimeUnit.SECONDS)).containsEntry("state", "anchored");
      loop.close();
      assertThat(loop.state().troubles()).isEmpty();
    }
    assertThat(verify(2).problems()).isEmpty();
    assertThat(verify(2).anchors()).isNotEmpty();
    assertThat(verify(2).verdict()).isEqualTo(Verdict.OK);
    try (var history = Files.walk(folder.resolve("anchors"))) {
      assertThat(history.filter(p -> p.toString().endsWith(".notes"))).hasSize(1);
    }
  }
}
