package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.Samples;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.record.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeafScannerTest {
  private static List<byte[]> leaves() {
    LeafEncoder encoder = new LeafEncoder(0x1234, 1 << 20);
    List<byte[]> leaves = new ArrayList<>();
    List<AuditRecord> records =
        List.of(Samples.intent("c-1"), Samples.outcome("c-1"), Samples.refusal("c-2"));
    for (AuditRecord record : records) {
      encoder.encode(record, leaves.size(), 17, 0);
      leaves.add(Arrays.copyOf(encoder.leaf(), encoder.leafLength()));
    }
    return leaves;
  }

  /// What the quick scan says, the full parse must say too.
  private static boolean agrees(byte[] bytes, String when) {
    Optional<LeafScan> quick = LeafScanner.scan(bytes);
    if (quick.isEmpty()) {
      return false;
    }
    LeafScan full;
    try {
      full = LeafScan.parsed(bytes);
    } catch (FormatException e) {
      throw new AssertionError(when + ": scanned, and cannot be parsed", e);
    }
    LeafScan scan = quick.get();
    assertThat(
            List.of(
                scan.version(),
                scan.index(),
                scan.kind(),
                scan.boot(),
                scan.monotonic(),
                scan.call(),
                scan.intent(),
                Optional.ofNullable(scan.out())))
        .as(when)
        .isEqualTo(
            List.of(
                full.version(),
                full.index(),
                full.kind(),
                full.boot(),
                full.monotonic(),
                full.call(),
                full.intent(),
                Optional.ofNullable(full.out())));
    assertThat(full.event()).as(when).isNull();
    return true;
  }

  @Test
  void recordsOfCallsAreScanned() {
    for (byte[] leaf : leaves()) {
      assertThat(agrees(leaf, "as written")).isTrue();
    }
  }

  @Test
  void whateverIsScannedIsParsedTheSameWay() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<byte[]> leaves = leaves();
    String pieces = "{}[],:\"\\u00ae0123-.tfnkivm \u00e9";
    byte[] letters = pieces.getBytes(StandardCharsets.UTF_8);
    int scanned = 0;
    for (int i = 0; i < 30_000; i++) {
      byte[] leaf = leaves.get(random.nextInt(leaves.size())).clone();
      for (int edits = random.nextInt(3); edits >= 0; edits--) {
        int at = random.nextInt(leaf.length);
        switch (random.nextInt(4)) {
          case 0 -> leaf[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> leaf[at] = letters[random.nextInt(letters.length)];
          case 2 -> {
            int from = random.nextInt(leaf.length);
            int length = Math.min(random.nextInt(30), leaf.length - Math.max(at, from));
            System.arraycopy(leaf, from, leaf, at, length);
          }
          default -> leaf = Arrays.copyOf(leaf, Math.max(1, random.nextInt(leaf.length)));
        }
      }
      scanned += agrees(leaf, "seed " + seed + ", leaf " + i) ? 1 : 0;
    }
    assertThat(scanned).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"i\":1,\"k\":\"intent\",\"v\":1,\"v\":1}",
        "{\"k\":\"intent\",\"i\":1,\"v\":1}",
        "{\"i\":01,\"k\":\"intent\",\"v\":1}",
        "{\"i\":-1,\"k\":\"intent\",\"v\":1}",
        "{\"i\":1.5,\"k\":\"intent\",\"v\":1}",
        "{\"i\":1,\"k\":\"event\",\"v\":1}",
        "{\"i\":1,\"k\":\"intent\",\"v\":1} ",
        "{\"i\":1,\"k\":\"int\\u0065nt\",\"v\":1}",
        "{\"i\":1,\"k\":\"\u00e9\",\"v\":1}",
        "{\"i\":1,\"k\":null,\"v\":1}",
        "{\"i\":1,\"k\":\"intent\"}",
        "{\"i\":1,\"k\":\"intent\",\"v\":1",
        "[]",
        ""
      })
  void whatIsNotPlainIsLeftToTheParser(String leaf) {
    assertThat(LeafScanner.scan(leaf.getBytes(StandardCharsets.UTF_8))).isEmpty();
  }
}
