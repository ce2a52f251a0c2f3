package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes a finished log in every way one can think of, and asks the verifier. `-Daudit.flips=N`
/// flips more bits.
class TamperTest {
  @TempDir Path temp;
  private final Map<String, byte[]> log = new TreeMap<>();
  private final Map<String, byte[]> changed = new HashMap<>();
  private VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

  @BeforeEach
  void writeALog() throws Exception {
    Path folder = temp.resolve("log");
    AuditOptions options =
        AuditOptions.in(folder).withOrigin("example.com/tamper").withSegmentBytes(1 << 18);
    for (int run = 0; run < 2; run++) {
      try (AuditLog audit = AuditLog.open(options)) {
        key = audit.publicKey();
        Listening last = new Listening();
        for (int i = 0; i < 150; i++) {
          last = new Listening();
          audit.append(Samples.refusal("c-" + run + "-" + i), Runnable::run, last);
        }
        last.answer();
      }
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        log.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    // The private key is not part of the evidence.
    log.remove("signing.key");
    log.remove("lock");
  }

  private Verification verify() {
    Map<String, byte[]> files = new TreeMap<>(log);
    files.putAll(changed);
    files.values().removeIf(content -> content.length == 0);
    return AuditVerifier.verify(source(files), key);
  }

  private static LogSource source(Map<String, byte[]> files) {
    return new LogSource() {
      @Override
      public Optional<byte[]> read(String path) {
        return Optional.ofNullable(files.get(path));
      }

      @Override
      public Optional<byte[]> read(String path, long offset, int length) {
        return read(path)
            .map(b ->
                Arrays.copyOfRange(
                    b,
                    (int) Math.min(offset, b.length),
                    (int) Math.min(offset + length, b.length)));
      }

      @Override
      public List<String> list(String folder) {
        return files.keySet().stream()
            .filter(f -> f.startsWith(folder + "/"))
            .map(f -> f.substring(folder.length() + 1).replaceFirst("/.*", ""))
            .distinct()
            .toList();
      }
    };
  }

  private byte[] file(String name) {
    byte[] content = log.get(name);
    if (content == null) {
      throw new AssertionError(name + " is not in " + log.keySet());
    }
    return content;
  }

  private Verdict with(String file, byte[] content) {
    changed.clear();
    changed.put(file, content);
    return verify().verdict();
  }

  /// Files whose every byte a signature covers. The journal repeats them and has room for padding;
  /// older partial tiles are covered by older checkpoints; the folder's copy of the key is not
  /// trusted, and the list of holds follows from the records.
  private boolean isCovered(String file) {
    return !file.startsWith("journal")
        && !file.equals("log.vkey")
        && !file.equals("state/custody")
        && isCurrent(file);
  }

  private boolean isCurrent(String file) {
    return !file.contains(".p/")
        || file.equals("tile/0/001.p/49")
        || file.equals("tile/entries/001.p/49")
        || file.equals("tile/1/000.p/1");
  }

  @Test
  void untouchedLogIsFine() {
    assertThat(verify().problems()).isEmpty();
    assertThat(verify().records()).isEqualTo(305);
    assertThat(log.keySet())
        .contains("tile/0/001.p/49", "tile/entries/001.p/49", "tile/1/000.p/1", "sealed/000");
  }

  @Test
  void flippedBitsNeverChangeContentUnnoticed() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> files = log.keySet().stream().filter(this::isCovered).toList();
    int flips = Integer.getInteger("audit.flips", 400);
    int harmless = 0;
    for (int i = 0; i < flips; i++) {
      String file = files.get(random.nextInt(files.size()));
      byte[] content = file(file).clone();
      int bit = random.nextInt(content.length * 8);
      content[bit / 8] ^= (byte) (1 << (bit % 8));
      if (with(file, content) != Verdict.TAMPERED) {
        // The annex of a record may lose a salt or change the name of a field it does not open; its
        // leaf stays as it was.
        assertThat(file).as("seed %s, flip %s of bit %s", seed, i, bit).startsWith("sealed/");
        harmless++;
      }
    }
    System.out.printf(
        "bit flips: %d, %d undetected content changes (seed %d)%n", flips, harmless, seed);
    assertThat(harmless).isZero();
  }

  @Test
  void flippedBitsInTheJournalNeverChangeTheVerdictSilently() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> segments = log.keySet().stream().filter(f -> f.startsWith("journal")).toList();
    int noticed = 0;
    for (int i = 0; i < 60; i++) {
      String file = segments.get(random.nextInt(segments.size()));
      byte[] content = file(file).clone();
      int bit = random.nextInt(content.length * 8);
      boolean padding = content[bit / 8] == 0;
      content[bit / 8] ^= (byte) (1 << (bit % 8));
      Verdict verdict = with(file, content);
      if (verdict == Verdict.OK) {
        assertThat(padding || bit / 8 < 4_096).as("seed %s, %s bit %s", seed, file, bit).isTrue();
      } else {
        noticed++;
      }
    }
    assertThat(noticed).as("seed %s", seed).isPositive();
  }

  @Test
  void everyTruncationIsTold() {
    // A history that was cut says less, and nothing wrong.
    for (String file :
        log.keySet().stream()
            .filter(this::isCovered)
            .filter(f -> !f.startsWith("checkpoints/"))
            .toList()) {
      byte[] content = file(file);
      int step = Math.max(1, content.length / 10);
      for (int length = 0; length < content.length; length += step) {
        assertThat(with(file, Arrays.copyOf(content, length)))
            .as("%s cut to %s of %s", file, length, content.length)
            .isIn(
                length == 0 && file.startsWith("sealed/") ? Verdict.OK : Verdict.TAMPERED,
                length == 0 && file.equals("checkpoint") ? Verdict.UNREADABLE : Verdict.TAMPERED,
                length == 0 && file.equals("state/signed") ? Verdict.OK : Verdict.TAMPERED);
      }
    }
  }

  @Test
  void filesThatWereSwappedOrCopiedAreTold() {
    assertThat(with("tile/entries/000", file("tile/entries/001.p/49"))).isEqualTo(Verdict.TAMPERED);
    assertThat(with("tile/0/000", file("tile/0/001.p/49"))).isEqualTo(Verdict.TAMPERED);
    assertThat(with("checkpoint", file("log.vkey"))).isEqualTo(Verdict.TAMPERED);
  }

  @Test
  void recordsThatWereRemovedRepeatedOrReorderedAreToldAtTheFirstBadIndex() throws IOException {
    byte[] bundle = file("tile/entries/001.p/49");
    int first = 2 + ((bundle[0] & 0xff) << 8 | bundle[1] & 0xff);
    int second = first + 2 + ((bundle[first] & 0xff) << 8 | bundle[first + 1] & 0xff);
    byte[] swapped = bundle.clone();
    System.arraycopy(bundle, first, swapped, 0, second - first);
    System.arraycopy(bundle, 0, swapped, second - first, first);
    byte[] removed = Arrays.copyOfRange(bundle, first, bundle.length);
    byte[] repeated = new byte[bundle.length + first];
    System.arraycopy(bundle, 0, repeated, 0, first);
    System.arraycopy(bundle, 0, repeated, first, bundle.length);
    for (byte[] bad : List.of(swapped, removed)) {
      assertThat(with("tile/entries/001.p/49", bad)).isEqualTo(Verdict.TAMPERED);
      assertThat(verify().problems().getFirst().index()).isEqualTo(256);
    }
    assertThat(with("tile/entries/001.p/49", repeated)).isEqualTo(Verdict.TAMPERED);
    assertThat(verify().problems().getFirst().index()).isEqualTo(257);
  }
}
