package io.outrider.sinks.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.TilePath;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.sinks.Delivery;
import io.outrider.sinks.TestLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3SinkTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  @TempDir private Path temp;
  private TestLog log;
  private FakeS3 s3;

  @BeforeEach
  void start() throws Exception {
    log = new TestLog(temp.resolve("log"));
    s3 = new FakeS3();
  }

  @AfterEach
  void stop() {
    s3.close();
    assertThat(s3.wrong).isEmpty();
    assertThat(Set.copyOf(s3.overwritten))
        .isSubsetOf("proxy-1/checkpoint", "proxy-1/anchors/cosigned");
  }

  private S3Options options(S3Options.@Nullable Lock lock) {
    return new S3Options(
        "evidence",
        "proxy-1/",
        "eu-central-1",
        s3.endpoint(),
        true,
        new S3Options.Keys("AKIDEXAMPLE", FakeS3.SECRET),
        lock);
  }

  private S3Sink sink() {
    return new S3Sink(options(null), log.published(), () -> NOW);
  }

  private void mirror(S3Sink sink, int records) throws Exception {
    for (Delivery delivery : log.deliveries(records)) {
      sink.deliver(delivery);
    }
  }

  private Verification verifyBucket(String name) throws Exception {
    Path copy = temp.resolve(name);
    s3.copyDown("proxy-1/", copy);
    return AuditVerifier.verify(LogSource.folder(copy), log.key());
  }

  @Test
  void theBucketCopiedDownIsALogThatVerifies() throws Exception {
    long size = log.write(700);
    try (S3Sink sink = sink()) {
      mirror(sink, 512);

      Verification first = verifyBucket("one");
      assertThat(first.problems()).isEmpty();
      assertThat(first.verdict()).isEqualTo(Verdict.OK);
      assertThat(first.checkpoint()).extracting(Checkpoint::size).isEqualTo(size);
      assertThat(s3.puts.getLast()).isEqualTo("proxy-1/checkpoint");

      long grown = log.write(900);
      for (Delivery delivery : log.deliveries(512)) {
        if (delivery.to() > size) {
          sink.deliver(delivery);
        }
      }
      Verification second = verifyBucket("two");
      assertThat(second.problems()).isEmpty();
      assertThat(second.checkpoint()).extracting(Checkpoint::size).isEqualTo(grown);
    }
    assertThat(s3.overwritten).containsExactly("proxy-1/checkpoint");
    assertThat(s3.objects.keySet())
        .contains(
            "proxy-1/log.vkey",
            "proxy-1/tile/0/000",
            "proxy-1/tile/entries/000",
            "proxy-1/tile/1/000.p/2")
        .noneMatch(
            name -> name.contains("sealed") || (name.contains("key") && !name.contains("vkey")));
  }

  @Test
  void sendingAgainAfterAKillOverwritesNothing() throws Exception {
    log.write(700);
    try (S3Sink sink = sink()) {
      mirror(sink, 512);
    }
    int puts = s3.puts.size();

    try (S3Sink sink = sink()) {
      mirror(sink, 512);
    }

    assertThat(s3.puts.subList(puts, s3.puts.size())).containsExactly("proxy-1/checkpoint");
    assertThat(verifyBucket("copy").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void cosignaturesFollowTheirCheckpoint() throws Exception {
    log.write(300);
    try (S3Sink sink = sink()) {
      mirror(sink, 4096);
      int puts = s3.puts.size();
      sink.check();
      assertThat(s3.puts).as("nothing new, nothing put").hasSize(puts);
      cosign();

      sink.check();
      sink.check();

      assertThat(s3.puts.subList(puts, s3.puts.size()))
          .containsExactly("proxy-1/checkpoint", "proxy-1/anchors/cosigned");
      assertThat(s3.objects.get("proxy-1/checkpoint"))
          .isEqualTo(Files.readAllBytes(log.folder().resolve("checkpoint")));
    }
  }

  @Test
  void cosignaturesThatCouldNotBePutAreTriedAgain() throws Exception {
    log.write(300);
    try (S3Sink sink = sink()) {
      mirror(sink, 4096);
      cosign();
      s3.failures = 2;

      assertThatThrownBy(sink::check).isInstanceOf(IOException.class);
      assertThatThrownBy(sink::check).isInstanceOf(IOException.class);
      sink.check();

      assertThat(s3.objects.get("proxy-1/anchors/cosigned"))
          .isEqualTo(Files.readAllBytes(log.folder().resolve("checkpoint")));
    }
  }

  private void cosign() throws IOException {
    Path checkpoint = log.folder().resolve("checkpoint");
    // What a witness adds is one more line of signature.
    Files.writeString(
        checkpoint,
        Files.readString(checkpoint)
            + "— witness.example/w1 "
            + Base64.getEncoder().encodeToString(new byte[76])
            + "\n");
    Files.createDirectories(log.folder().resolve("anchors"));
    Files.copy(checkpoint, log.folder().resolve("anchors/cosigned"));
  }

  @Test
  void anEmptiedBucketIsFilledFromTheBeginning() throws Exception {
    log.write(700);
    List<Delivery> deliveries = log.deliveries(512);
    try (S3Sink sink = sink()) {
      sink.deliver(deliveries.get(0));
    }
    s3.objects.clear();

    try (S3Sink sink = sink()) {
      sink.deliver(deliveries.get(1));
    }

    assertThat(verifyBucket("copy").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void theCheckpointComesOnlyWhenAllItCoversIsThere() throws Exception {
    log.write(700);
    List<Delivery> deliveries = log.deliveries(300);
    try (S3Sink sink = sink()) {
      sink.deliver(deliveries.get(0));
      sink.deliver(deliveries.get(1));
      assertThat(s3.objects).doesNotContainKey("proxy-1/checkpoint");
      s3.failures = 1;

      assertThatThrownBy(() -> sink.deliver(deliveries.get(2)))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("s3://evidence/proxy-1/tile/")
          .hasMessageContaining("HTTP 403 AccessDenied: as the test says");
      assertThat(s3.objects).doesNotContainKey("proxy-1/checkpoint");

      sink.deliver(deliveries.get(2));
    }
    assertThat(verifyBucket("copy").verdict()).isEqualTo(Verdict.OK);
  }

  @Test
  void objectsAreLockedAsLongAsTheSettingsSay() throws Exception {
    log.write(300);
    S3Options.Lock lock = new S3Options.Lock(S3Options.Lock.Mode.COMPLIANCE, Duration.ofDays(365));
    try (S3Sink sink = new S3Sink(options(lock), log.published(), () -> NOW)) {
      mirror(sink, 4096);
    }

    assertThat(s3.locks.keySet()).isEqualTo(s3.objects.keySet()).hasSizeGreaterThan(4);
    assertThat(Set.copyOf(s3.locks.values())).containsExactly("COMPLIANCE 2027-11-20T12:00:00Z");
  }

  @Test
  void aBucketThatHoldsAnotherLogIsLeftAlone() throws Exception {
    log.write(300);
    try (S3Sink sink = sink()) {
      mirror(sink, 4096);
    }
    int puts = s3.puts.size();

    TestLog other = new TestLog(temp.resolve("other"));
    other.write(400);
    try (S3Sink sink = new S3Sink(options(null), other.published(), () -> NOW)) {
      assertThatThrownBy(() -> sink.deliver(other.deliveries(4096).getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("are not those of the bucket's checkpoint");
    }
    TestLog shorter = new TestLog(temp.resolve("shorter"));
    shorter.write(10);
    try (S3Sink sink = new S3Sink(options(null), shorter.published(), () -> NOW)) {
      assertThatThrownBy(() -> sink.deliver(shorter.deliveries(4096).getFirst()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the bucket's checkpoint has 303 records, and the log 13");
    }
    assertThat(s3.puts).hasSize(puts);
  }

  @Test
  void anObjectOfSomebodyElseIsNotOverwritten() throws Exception {
    log.write(300);
    s3.objects.put("proxy-1/tile/0/000", new byte[] {1});

    try (S3Sink sink = sink()) {
      assertThatThrownBy(() -> mirror(sink, 4096))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("s3://evidence/proxy-1/tile/0/000: something else stands there");
    }
    assertThat(s3.objects.get("proxy-1/tile/0/000")).containsExactly(1);
  }

  @Test
  void aPrunedBundleLeavesItsHashes() throws Exception {
    log.write(700);
    Files.delete(log.folder().resolve(TilePath.entries(1, 256)));

    try (S3Sink sink = sink()) {
      mirror(sink, 4096);
    }

    assertThat(s3.objects)
        .containsKeys("proxy-1/tile/0/001", "proxy-1/tile/entries/002.p/191", "proxy-1/checkpoint")
        .doesNotContainKey("proxy-1/tile/entries/001");
  }
}
