package io.outrider.review.timestamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.anchor.AnchorFiles;
import io.outrider.audit.anchor.TimeStamping;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.Anchor;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeStampTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final byte[] CONTENT = "a checkpoint".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temp;

  private Path aLog() throws Exception {
    Path folder = temp.resolve("log");
    AuditLog.open(AuditOptions.in(folder)).close();
    return folder;
  }

  private static void stamp(Path folder, FakeTsa tsa, Authorities authorities) throws Exception {
    LogSource source = LogSource.folder(folder);
    try (TsaClient client = new TsaClient("tsa", tsa.address(), authorities)) {
      TimeStamping stamping =
          new TimeStamping(
              List.of(client),
              source,
              new AnchorFiles(FileOps.real(), folder),
              Duration.ofHours(1),
              InstantSource.fixed(NOW));
      stamping.run();
      stamping.run();
      assertThat(stamping.troubles()).containsEntry("tsa", "");
    }
  }

  private static Verification verify(Path folder, Optional<Authorities> authorities) {
    return AuditVerifier.check(
        LogSource.folder(folder),
        VerifyOptions.DEFAULT
            .withAnchors(List.of(new TimeStampReader(authorities)))
            .withAnchoredWithin(Duration.ofHours(1))
            .withClock(InstantSource.fixed(NOW.plusSeconds(60))));
  }

  @Test
  void aCheckpointIsStampedOnceAndTheStampIsCheckedOffline() throws Exception {
    Path folder = aLog();
    Authorities authorities;
    try (FakeTsa tsa = new FakeTsa(NOW)) {
      authorities = tsa.authorities(temp);
      stamp(folder, tsa, authorities);
    }
    try (Stream<Path> files = Files.list(folder.resolve("anchors/tsa/tsa"))) {
      assertThat(files.map(f -> f.getFileName().toString().replaceAll("-[0-9a-f]{16}", "-HASH")))
          .containsExactlyInAnyOrder("20261128T120000Z-HASH.note", "20261128T120000Z-HASH.tsr");
    }
    Verification result = verify(folder, Optional.of(authorities));
    assertThat(result.problems()).isEmpty();
    assertThat(result.anchors())
        .containsExactly(new Anchor("time stamp", "tsa", result.records(), NOW, true));
    assertThat(verify(folder, Optional.empty()).verdict()).isEqualTo(Verdict.NOT_ANCHORED);
  }

  @Test
  void aStampForSomethingElseOrByAStrangerProvesNothing() throws Exception {
    Path folder = aLog();
    Authorities authorities;
    try (FakeTsa tsa = new FakeTsa(NOW);
        FakeTsa stranger = new FakeTsa(NOW)) {
      authorities = tsa.authorities(temp);
      stamp(folder, tsa, authorities);
      Verification others = verify(folder, Optional.of(stranger.authorities(temp)));
      assertThat(others.verdict()).isEqualTo(Verdict.TAMPERED);
      assertThat(others.problems().getFirst().what()).contains("tsa: proves nothing: ");
      Path token = kept(folder, ".tsr");
      byte[] whole = Files.readAllBytes(token);
      try (TsaClient client = new TsaClient("tsa", tsa.address(), authorities)) {
        Files.write(token, client.stamp(CONTENT));
      }
      assertThat(verify(folder, Optional.of(authorities)).problems().getFirst().what())
          .contains("is for something else than this checkpoint");
      for (int i = 0; i < whole.length; i += 17) {
        byte[] changed = whole.clone();
        changed[i] ^= 4;
        Files.write(token, changed);
        Verification result = verify(folder, Optional.of(authorities));
        assertThat(result.verdict() == Verdict.TAMPERED || isNew(result))
            .as("byte %d: %s", i, result.problems())
            .isTrue();
      }
    }
  }

  private static Path kept(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("anchors/tsa/tsa"))) {
      return files.filter(f -> f.toString().endsWith(ending)).findFirst().orElseThrow();
    }
  }

  /// Whether the stamp still says what it said: some bytes of the answer around the token are not
  /// signed.
  private static boolean isNew(Verification result) {
    return result
        .anchors()
        .equals(List.of(new Anchor("time stamp", "tsa", result.records(), NOW, true)));
  }

  @Test
  void opensslTakesWhatWeKept() throws Exception {
    assumeTrue(
        Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
            .anyMatch(f -> Files.isExecutable(Path.of(f, "openssl"))),
        "openssl is not installed: the foreign check of time stamps is not run");
    Path folder = aLog();
    try (FakeTsa tsa = new FakeTsa(NOW)) {
      stamp(folder, tsa, tsa.authorities(temp));
    }
    Path root;
    try (Stream<Path> files = Files.list(temp)) {
      root = files.filter(f -> f.toString().endsWith(".pem")).findFirst().orElseThrow();
    }
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "ts",
                "-verify",
                "-attime",
                Long.toString(NOW.getEpochSecond()),
                "-data",
                kept(folder, ".note").toString(),
                "-in",
                kept(folder, ".tsr").toString(),
                "-CAfile",
                root.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(openssl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(openssl.waitFor()).as(said).isZero();
    assertThat(said).contains("Verification: OK");
  }

  @Test
  void anAuthorityThatIsNotThereIsNamed() throws Exception {
    Authorities authorities;
    URI address;
    try (FakeTsa tsa = new FakeTsa(NOW)) {
      authorities = tsa.authorities(temp);
      address = tsa.address();
    }
    try (TsaClient client = new TsaClient("tsa", address, authorities)) {
      assertThatThrownBy(() -> client.stamp(CONTENT)).hasMessageContaining("cannot be reached");
    }
  }
}
