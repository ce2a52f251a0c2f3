package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.drill.MemoryLog;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Changes a finished log in every way one can think of, and asks the verifier. `-Daudit.flips=N`
/// flips more bits, `-Daudit.flips=all` one of every byte.
class TamperTest {
  @TempDir Path temp;
  private final Map<String, byte[]> log = new TreeMap<>();
  private final Map<String, byte[]> changed = new HashMap<>();
  private VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

  @BeforeEach
  void writeALog() throws Exception {
    Path folder = temp.resolve("log");
    key = writeTo(folder);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        log.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    // The private key is not part of the evidence.
    log.remove("signing.key");
    log.remove("lock");
  }

  private static VerifierKey writeTo(Path folder) throws Exception {
    VerifierKey signedBy = null;
    AuditOptions options =
        AuditOptions.in(folder)
            .withOrigin("example.com/tamper")
            .withSegmentBytes(1 << 18)
            // A crowded disk must not leave a record out: the files named below count on all.
            .withStallLimit(Duration.ofMinutes(5));
    for (int run = 0; run < 2; run++) {
      try (AuditLog audit = AuditLog.open(options)) {
        signedBy = audit.publicKey();
        List<Listening> told = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
          told.add(new Listening());
          audit.append(Samples.refusal("c-" + run + "-" + i), Runnable::run, told.getLast());
        }
        told.forEach(one -> assertThat(one.index()).isPositive());
      }
    }
    return Objects.requireNonNull(signedBy);
  }

  private Verification verify() {
    Map<String, byte[]> files = new TreeMap<>(log);
    files.putAll(changed);
    files.values().removeIf(content -> content.length == 0);
    return AuditVerifier.verify(new MemoryLog(files), key);
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
  /// trusted, the list of holds follows from the records, and where the log is written says nothing
  /// of what it holds.
  private boolean isCovered(String file) {
    return !file.startsWith("journal")
        && !file.equals("log.vkey")
        && !file.equals("state/custody")
        && !file.equals("state/place")
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

  /// What a reader gets of the log with the change: every record, and every value kept beside it
  /// where the change is to values.
  private List<String> content() throws Exception {
    boolean withValues = changed.keySet().stream().anyMatch(file -> file.startsWith("sealed/"));
    Map<String, byte[]> files = new TreeMap<>(log);
    files.putAll(changed);
    MemoryLog read = new MemoryLog(files);
    List<String> content = new ArrayList<>();
    AuditQuery.run(
        read,
        0,
        Filter.ALL,
        entry -> {
          content.add(entry.leaf().json());
          for (Opening opening : withValues ? values(read, entry.leaf()) : List.<Opening>of()) {
            content.add(opening.field() + HexFormat.of().formatHex(opening.value()));
          }
          return true;
        });
    return content;
  }

  private static List<Opening> values(MemoryLog read, Leaf leaf) {
    try {
      return KeptValues.of(read, leaf);
    } catch (IOException | FormatException e) {
      throw new AssertionError(e);
    }
  }

  /// Flips one bit anywhere: in bundles, tiles, values, checkpoints, state and journal. What the
  /// verifier lets pass must not have changed anything that a reader gets: padding, old partial
  /// tiles, the copy of the key.
  @Test
  void flippedBitsNeverChangeContentUnnoticed() throws Exception {
    long seed = Long.getLong("audit.flip.seed", 1);
    Random random = new Random(seed);
    List<String> files = log.keySet().stream().filter(f -> file(f).length > 0).toList();
    List<String> untouched = content();
    changed.put("sealed/000", file("sealed/000"));
    List<String> untouchedValues = content();
    boolean all = "all".equals(System.getProperty("audit.flips"));
    int flips =
        all
            ? files.stream().mapToInt(f -> written(f, file(f))).sum()
            : Integer.getInteger("audit.flips", 1_500);
    int harmless = 0;
    Map<String, Integer> byPlace = new TreeMap<>();
    int at = 0;
    int next = 0;
    for (int i = 0; i < flips; i++) {
      if (all && next == written(files.get(at), file(files.get(at)))) {
        at++;
        next = 0;
      }
      String file = files.get(all ? at : random.nextInt(files.size()));
      byte[] content = file(file).clone();
      int bit = all ? 8 * next++ + random.nextInt(8) : random.nextInt(written(file, content) * 8);
      content[bit / 8] ^= (byte) (1 << (bit % 8));
      byPlace.merge(file.substring(0, Math.max(file.indexOf('/'), 0)), 1, Integer::sum);
      if (with(file, content) == Verdict.OK) {
        // The end of a history may pass for one that a crash has torn; nothing hangs on it.
        assertThat(isCovered(file) && !file.startsWith("checkpoints/"))
            .as("seed %s, flip %s: %s bit %s", seed, i, file, bit)
            .isFalse();
        assertThat(content())
            .as("seed %s, flip %s: %s bit %s", seed, i, file, bit)
            .isEqualTo(file.startsWith("sealed/") ? untouchedValues : untouched);
        harmless++;
      }
    }
    System.out.printf(
        "bit flips: %d %s, %d detected, %d harmless (padding and copies), 0 undetected content"
            + " changes (seed %d)%n",
        flips, byPlace, flips - harmless, harmless, seed);
    assertThat(harmless).isLessThan(flips / 2);
  }

  /// Most of a segment is zeros that nobody has written to yet; a flip there says little.
  private static int written(String file, byte[] content) {
    int length = content.length;
    while (file.startsWith("journal/") && length > 4_096 && content[length - 1] == 0) {
      length--;
    }
    return Math.min(content.length, length + 64);
  }

  /// `-Daudit.truncations=all` cuts to every length there is.
  @Test
  void everyTruncationIsTold() throws Exception {
    boolean all = "all".equals(System.getProperty("audit.truncations"));
    int cuts = 0;
    for (String file : log.keySet().stream().filter(this::isCovered).toList()) {
      byte[] content = file(file);
      boolean last = file.equals("tile/entries/001.p/49") || content.length < 1_000;
      int step = all && last ? 1 : Math.max(1, content.length / (all ? 200 : 10));
      for (int length = 0; length < content.length; length += step) {
        cuts++;
        assertThat(with(file, Arrays.copyOf(content, length)))
            .as("%s cut to %s of %s", file, length, content.length)
            .isIn(
                length == 0 && file.startsWith("sealed/") ? Verdict.OK : Verdict.TAMPERED,
                length == 0 && file.equals("checkpoint") ? Verdict.UNREADABLE : Verdict.TAMPERED,
                length == 0 && file.equals("state/signed") ? Verdict.OK : Verdict.TAMPERED,
                file.startsWith("checkpoints/") ? Verdict.OK : Verdict.TAMPERED);
      }
    }
    // A segment that ends inside its last batch holds less than was signed.
    String segment =
        log.keySet().stream()
            .filter(f -> f.startsWith("journal/"))
            .reduce((a, b) -> a)
            .orElseThrow();
    byte[] content = file(segment);
    int end = written(segment, content) - 64;
    int step = all ? 1 : Math.max(1, end / 100);
    changed.clear();
    List<String> untouched = content();
    for (int length = 1; length < end + 300; length += length < 4_000 ? 500 : step) {
      cuts++;
      if (with(segment, Arrays.copyOf(content, length)) == Verdict.OK) {
        assertThat(length).as("%s cut to %s", segment, length).isGreaterThanOrEqualTo(end - 8);
        assertThat(content()).isEqualTo(untouched);
      }
    }
    System.out.printf("truncations: %d, none silently shorter than what was signed%n", cuts);
  }

  @Test
  void filesThatWereSwappedOrCopiedAreTold() {
    assertThat(with("tile/entries/000", file("tile/entries/001.p/49"))).isEqualTo(Verdict.TAMPERED);
    assertThat(with("tile/0/000", file("tile/0/001.p/49"))).isEqualTo(Verdict.TAMPERED);
    assertThat(with("checkpoint", file("log.vkey"))).isEqualTo(Verdict.TAMPERED);
  }

  /// Two logs of one shape, each sound: whatever file of the one is put into the other shows.
  @Test
  void filesOfAnotherLogAreTold() throws Exception {
    Path folder = temp.resolve("other");
    writeTo(folder);
    for (String file : log.keySet().stream().filter(this::isCovered).toList()) {
      byte[] others = Files.readAllBytes(folder.resolve(file));
      // Of a history, what another key signed is no part; the rest of what is there must still do.
      assertThat(with(file, others))
          .as(file)
          .isIn(Verdict.TAMPERED, file.startsWith("checkpoints/") ? Verdict.OK : Verdict.TAMPERED);
    }
    changed.clear();
    // How many segments are kept for later is left to chance.
    for (String file : log.keySet().stream().filter(f -> f.startsWith("journal/")).toList()) {
      if (Files.exists(folder.resolve(file))) {
        changed.put(file, Files.readAllBytes(folder.resolve(file)));
      }
    }
    assertThat(changed).isNotEmpty();
    assertThat(verify().verdict()).isEqualTo(Verdict.TAMPERED);
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

  /// The same log goes on in two folders with the same key: each is sound by itself, and a
  /// checkpoint of the one convicts the other.
  @Test
  void twoCopiesThatBothWentOnConvictEachOther() throws Exception {
    Path one = temp.resolve("log");
    Path other = temp.resolve("copy");
    try (Stream<Path> files = Files.walk(one)) {
      for (Path file : files.toList()) {
        Files.copy(file, other.resolve(one.relativize(file).toString()));
      }
    }
    for (Path folder : List.of(one, other)) {
      try (AuditLog audit = AuditLog.open(AuditOptions.in(folder).withSegmentBytes(1 << 18))) {
        Waiting.append(audit, Samples.refusal("after-" + folder.getFileName()));
      }
      assertThat(AuditVerifier.verify(LogSource.folder(folder), key).problems()).isEmpty();
    }
    Verification held =
        AuditVerifier.check(
            LogSource.folder(other),
            VerifyOptions.DEFAULT
                .withKey(key)
                .withSaved("the other one", Files.readAllBytes(one.resolve("checkpoint"))));
    assertThat(held.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(held.problems().toString()).contains("the other one");
  }
}
