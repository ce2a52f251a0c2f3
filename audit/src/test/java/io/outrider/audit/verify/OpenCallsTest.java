package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OpenCallsTest {
  private final long seed = Long.getLong("test.seed", 1);
  private final OpenCalls open = new OpenCalls(OpenCalls.MAX);

  private static byte[] bytes(String id) {
    return id.getBytes(StandardCharsets.US_ASCII);
  }

  private int find(String id) {
    return open.find(OpenCalls.hash(seed, bytes(id), 0, id.length()), bytes(id), 0, id.length());
  }

  private void add(String id, long index, int run) {
    open.add(
        OpenCalls.hash(seed, bytes(id), 0, id.length()), bytes(id), 0, id.length(), index, run);
  }

  /// A map does the same; ids of all lengths, among them none.
  @Test
  void isAMap() {
    Random random = new Random(seed);
    Map<String, Long> model = new TreeMap<>();
    for (int i = 0; i < 200_000; i++) {
      String id = "c".repeat(random.nextInt(3) * 30) + (random.nextInt(9) == 0 ? "" : i % 3_001);
      int entry = find(id);
      assertThat(entry >= 0).as("seed %s, step %s", seed, i).isEqualTo(model.containsKey(id));
      if (entry < 0) {
        add(id, i, 0);
        model.put(id, (long) i);
      } else {
        assertThat(open.index(entry)).isEqualTo(model.remove(id));
        assertThat(open.id(entry)).isEqualTo(id);
        open.remove(entry);
      }
      assertThat(open.size()).isEqualTo(model.size());
    }
    List<Long> indices = new ArrayList<>();
    open.forEach((id, index) -> {
      assertThat(model).containsEntry(id, index);
      indices.add(index);
    });
    assertThat(indices).isSorted().hasSize(model.size());
  }

  @Test
  void onlyCallsOfOtherRunsAreClosedTogether() {
    for (int i = 0; i < 500; i++) {
      add("c-" + i, i, i % 5);
    }
    List<String> closed = new ArrayList<>();
    open.removeOthers(3, (id, index) -> closed.add(id));
    assertThat(closed).hasSize(400).startsWith("c-0", "c-1", "c-2", "c-4");
    assertThat(find("c-3")).isNotNegative();
    assertThat(find("c-4")).isNegative();
    open.clear();
    assertThat(open.size()).isZero();
    assertThat(find("c-3")).isNegative();
  }

  /// A million calls, of which a thousand are open at a time and some for ever, need no more room
  /// than those that were open at once.
  @Test
  void roomIsForThoseThatAreOpenAtOnce() {
    for (int i = 0; i < 24; i++) {
      add("for-ever-" + i, i, 0);
    }
    for (int i = 0; i < 1_000_000; i++) {
      add("c-" + i, i, 0);
      if (i >= 1_000) {
        open.remove(find("c-" + (i - 1_000)));
      }
    }
    assertThat(open.size()).isEqualTo(1_024);
    assertThat(open.room()).isEqualTo(2_048);
  }

  @Test
  void isFullAtItsLimit() {
    OpenCalls few = new OpenCalls(2);
    few.add(1, bytes("a"), 0, 1, 0, 0);
    few.add(2, bytes("b"), 0, 1, 1, 0);
    assertThat(few.isFull()).isTrue();
    assertThatThrownBy(() -> few.add(3, bytes("c"), 0, 1, 2, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("2 calls are open (expected: fewer than 2)");
  }
}
