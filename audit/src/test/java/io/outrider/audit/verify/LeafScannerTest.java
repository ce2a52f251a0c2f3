package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.Samples;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.LeafEncoder;
import io.outrider.audit.record.AuditRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeafScannerTest {
  private static final List<String> KINDS = List.of("intent", "outcome", "refusal");
  private static final List<String> COMMITTED =
      List.of("in.digest", "in.text", "res.digest", "res.text");

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

  private LeafScanner scanner = new LeafScanner();

  /// Scans a leaf that stands in the midst of others.
  private boolean scan(byte[] leaf) {
    byte[] bytes = new byte[7 + leaf.length + ReadBuffer.SLACK];
    Arrays.fill(bytes, (byte) '"');
    System.arraycopy(leaf, 0, bytes, 7, leaf.length);
    return scanner.scan(bytes, 7, 7 + leaf.length);
  }

  /// What the quick scan says, the full parse must say too.
  private boolean agrees(byte[] bytes, String when) {
    if (!scan(bytes)) {
      return false;
    }
    Leaf full;
    try {
      full = Leaf.parse(bytes);
    } catch (FormatException e) {
      throw new AssertionError(when + ": scanned, and cannot be parsed", e);
    }
    byte[] around = new byte[7 + bytes.length];
    System.arraycopy(bytes, 0, around, 7, bytes.length);
    List<String> committed = new ArrayList<>();
    for (int place = 0; place < LeafScanner.PLACES; place++) {
      int at = scanner.committedAt(place);
      committed.add(at < 0 ? "" : text(around, at, LeafScanner.COMMITTED));
    }
    assertThat(
            List.of(
                scanner.version(),
                scanner.index(),
                KINDS.get(scanner.kind()),
                text(around, scanner.bootAt(), LeafScanner.BOOT),
                scanner.monotonic(),
                scanner.callAt() < 0 ? "" : text(around, scanner.callAt(), scanner.callLength()),
                scanner.intent(),
                scanner.isOut("indeterminate"),
                committed))
        .as(when)
        .isEqualTo(
            List.of(
                full.number("v").orElse(-1),
                full.index(),
                full.kind(),
                full.text("boot").orElse(""),
                full.number("m").orElse(-1),
                full.text("call").orElse(""),
                full.number("intent").orElse(-1),
                full.text("out").orElse("").equals("indeterminate"),
                COMMITTED.stream()
                    .map(field -> full.text(field).filter(hex -> hex.length() == 64).orElse(""))
                    .toList()));
    assertThat(full.text("ev")).as(when).isEmpty();
    assertThat(LeafScan.of(full).form()).as(when).isEmpty();
    return true;
  }

  private static String text(byte[] bytes, int from, int length) {
    return new String(bytes, from, length, StandardCharsets.UTF_8);
  }

  @Test
  void recordsOfCallsAreScanned() {
    for (byte[] leaf : leaves()) {
      assertThat(agrees(leaf, "as written")).isTrue();
    }
  }

  /// Values of other lengths, in a row that the scanner has seen before and knows by their shape.
  @Test
  void leavesLikeOneBeforeAreReadByTheirValues() {
    LeafEncoder encoder = new LeafEncoder(0x1234, 1 << 20);
    for (int i = 0; i < 3_000; i++) {
      String call = "c".repeat(1 + i % 64);
      AuditRecord record =
          switch (i % 3) {
            case 0 -> Samples.intent(call);
            case 1 -> Samples.outcome(call);
            default -> Samples.refusal(call);
          };
      encoder.encode(record, i * 7L, i * 1_000_003L, i % 3 == 1 ? i : -1);
      byte[] leaf = Arrays.copyOf(encoder.leaf(), encoder.leafLength());
      assertThat(agrees(leaf, "leaf " + i)).isTrue();
    }
  }

  @Test
  void whateverIsScannedIsParsedTheSameWay() {
    long seed = Long.getLong("test.seed", 1);
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
      // One that has seen leaves like it, and sometimes one that has not.
      scanner = new LeafScanner();
      for (int known = random.nextInt(4); known > 0; known--) {
        scan(leaves.get(random.nextInt(leaves.size())));
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
    assertThat(scan(leaf.getBytes(StandardCharsets.UTF_8))).isFalse();
  }
}
