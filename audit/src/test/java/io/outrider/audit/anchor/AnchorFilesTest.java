package io.outrider.audit.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.store.DiskInMemory;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Time stamps on a disk that stops at any moment: whoever finds one finds its checkpoint too.
class AnchorFilesTest {
  private static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
  private static final String FOLDER = "anchors/tsa/tsa";

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void stamp(DiskInMemory disk, Instant time, String number) throws IOException {
    new AnchorFiles(disk.files(), DiskInMemory.ROOT)
        .timeStamp("tsa", time, bytes("note " + number), bytes("token " + number));
  }

  /// Pairs that are there, each as the number of its note.
  private static List<String> pairs(DiskInMemory disk) throws IOException {
    LogSource source = disk.source();
    List<String> found = new ArrayList<>();
    for (String name : source.list(FOLDER)) {
      if (name.endsWith(".tsr")) {
        String token = text(source, name);
        String note = text(source, name.replace(".tsr", ".note"));
        assertThat(token).as(name).isEqualTo(note.replace("note", "token"));
        found.add(note);
      }
    }
    return found;
  }

  private static String text(LogSource source, String name) throws IOException {
    Optional<byte[]> content = source.read(FOLDER + "/" + name);
    return new String(content.orElseThrow(), StandardCharsets.UTF_8);
  }

  @Test
  void aCrashLeavesAWholePairOrNone() throws Exception {
    long seed = Long.getLong("test.seed", 1);
    Random random = new Random(seed);
    boolean done = false;
    int lost = 0;
    for (int operation = 0; !done; operation++) {
      DiskInMemory disk = new DiskInMemory();
      stamp(disk, NOW, "1");
      disk.crashAt(operation);
      done = disk.liveThrough(() -> stamp(disk, NOW.plusSeconds(60), "2"), random);
      List<String> pairs = pairs(disk);
      assertThat(pairs).as("seed %s, operation %s", seed, operation).startsWith("note 1");
      assertThat(pairs.size()).isLessThanOrEqualTo(2);
      lost += pairs.size() == 1 ? 1 : 0;
      if (done) {
        assertThat(pairs).containsExactly("note 1", "note 2");
        assertThat(operation).isGreaterThan(8);
      }
    }
    assertThat(lost).isPositive();
  }

  /// Two processes stamp different checkpoints in one second; their files come in any order.
  @Test
  void twoStampsOfOneSecondDoNotMix() throws Exception {
    DiskInMemory disk = new DiskInMemory();
    stamp(disk, NOW, "1");
    stamp(disk, NOW, "2");
    assertThat(pairs(disk)).containsExactlyInAnyOrder("note 1", "note 2");
  }
}
