package io.outrider.policy.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RegoValueTest {
  private static final long SEED = Long.getLong("test.seed", new Random().nextLong());

  @Test
  void kindsAreOrderedAsInOpa() {
    List<RegoValue> ordered =
        List.of(
            RegoNull.NULL,
            RegoBoolean.FALSE,
            RegoBoolean.TRUE,
            RegoNumber.of(-1),
            RegoNumber.parse("0.5"),
            RegoNumber.of(1),
            RegoString.EMPTY,
            RegoString.of("a"),
            RegoArray.EMPTY,
            RegoArray.of(RegoNumber.of(9)),
            RegoArray.of(RegoNumber.of(9), RegoNull.NULL),
            RegoObject.EMPTY,
            RegoObject.builder().put("a", 1).build(),
            RegoObject.builder().put("a", 2).build(),
            RegoObject.builder().put("b", 0).build(),
            RegoSet.EMPTY,
            RegoSet.of(RegoNumber.of(1)));

    for (int i = 0; i < ordered.size(); i++) {
      for (int j = 0; j < ordered.size(); j++) {
        assertThat(Integer.signum(ordered.get(i).compareTo(ordered.get(j))))
            .as("%s <=> %s", ordered.get(i), ordered.get(j))
            .isEqualTo(Integer.compare(i, j));
      }
    }
  }

  @Test
  void stringsAreOrderedByCodePointAndNotByUtf16Unit() {
    String beyond = new String(Character.toChars(0x1F600));

    assertThat(RegoString.of("\uffff")).isLessThan(RegoString.of(beyond));
    assertThat(RegoString.of("\ue000")).isLessThan(RegoString.of(beyond));
    assertThat(RegoString.of("a" + beyond)).isGreaterThan(RegoString.of("a\ud7ff"));
  }

  @Test
  void orderEqualityAndHashAgreeOnRandomValues() {
    Random random = new Random(SEED);
    List<RegoValue> values = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      values.add(randomValue(random, 3));
    }
    for (RegoValue a : values) {
      for (RegoValue b : values) {
        int order = Integer.signum(a.compareTo(b));
        assertThat(order)
            .as("seed %d: %s, %s", SEED, a, b)
            .isEqualTo(-Integer.signum(b.compareTo(a)));
        assertThat(order == 0).as("seed %d: %s, %s", SEED, a, b).isEqualTo(a.equals(b));
        if (order == 0) {
          assertThat(a.hashCode()).as("seed %d: %s, %s", SEED, a, b).isEqualTo(b.hashCode());
        }
      }
    }
    List<RegoValue> sorted = values.stream().sorted().toList();
    for (int i = 1; i < sorted.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(sorted.get(j).compareTo(sorted.get(i))).as("seed %d", SEED).isNotPositive();
      }
    }
  }

  private static RegoValue randomValue(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> RegoNull.NULL;
      case 1 -> RegoBoolean.of(random.nextBoolean());
      case 2 -> number(random);
      case 3 -> RegoString.of(List.of("", "a", "b", "\u00e9", "\uffff").get(random.nextInt(5)));
      case 4 -> RegoArray.of(children(random, depth));
      case 5 -> RegoSet.of(children(random, depth));
      default -> {
        RegoObject.Builder object = RegoObject.builder();
        children(random, depth).forEach(v -> object.put(v, randomValue(random, depth - 1)));
        yield object.build();
      }
    };
  }

  private static List<RegoValue> children(Random random, int depth) {
    List<RegoValue> children = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      children.add(randomValue(random, depth - 1));
    }
    return children;
  }

  private static RegoNumber number(Random random) {
    List<String> texts = List.of("1", "1.0", "1e0", "10e-1", "-0", "0", "0.5", "5e-1", "1e30", "2");
    return RegoNumber.parse(texts.get(random.nextInt(texts.size())));
  }

  @Test
  void numbersAreOneWhateverTheirSpelling() {
    RegoNumber plain = RegoNumber.of(100);

    for (String text : List.of("100", "100.0", "1e2", "1E+2", "10.0e1")) {
      RegoNumber other = RegoNumber.parse(text);
      assertThat(other).isEqualTo(plain).hasSameHashCodeAs(plain);
      assertThat(other.text()).isEqualTo(text);
    }
    assertThat(RegoSet.of(plain, RegoNumber.parse("1e2")).size()).isEqualTo(1);
    assertThat(RegoNumber.parse("3.50")).isEqualTo(RegoNumber.parse("35e-1"));
    assertThat(RegoNumber.parse("1e400")).isGreaterThan(RegoNumber.parse("1e399"));
    assertThat(RegoNumber.parse("18446744073709551617"))
        .isGreaterThan(RegoNumber.parse("18446744073709551616"));
  }

  @Test
  void numbersThatWouldTakeAllMemoryAreRefused() {
    assertThatThrownBy(() -> RegoNumber.parse("1e999999999"))
        .isInstanceOf(NumberFormatException.class)
        .hasMessageContaining("too big");
    assertThatThrownBy(() -> RegoNumber.parse("1e-999999999"))
        .isInstanceOf(NumberFormatException.class);
    RegoNumber big = RegoNumber.parse("1e99999");
    RegoNumber bigger = RegoArithmetic.times(big, big);
    assertThatThrownBy(() -> RegoArithmetic.times(bigger, RegoArithmetic.times(bigger, bigger)))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void largeObjectsFindEveryKeyAndKeepTheLastValue() {
    RegoObject.Builder builder = RegoObject.builder();
    IntStream.range(0, 5_000).forEach(i -> builder.put("key" + i, i));
    IntStream.range(0, 5_000).forEach(i -> builder.put(RegoNumber.of(i), RegoNumber.of(-i)));
    RegoObject object = builder.put("key7", "changed").build();

    assertThat(object.size()).isEqualTo(10_000);
    assertThat(object.get("key4999")).isEqualTo(RegoNumber.of(4999));
    assertThat(object.get("key7")).isEqualTo(RegoString.of("changed"));
    assertThat(object.get(RegoNumber.parse("4999.0"))).isEqualTo(RegoNumber.of(-4999));
    assertThat(object.get("absent")).isNull();
    assertThat(object.keyAt(0)).isEqualTo(RegoNumber.ZERO);
    assertThat(object.keyAt(5_000)).isEqualTo(RegoString.of("key0"));
  }

  @Test
  void objectsAreEqualWhateverTheOrderTheyWereBuiltIn() {
    RegoObject one = RegoObject.builder().put("a", 1).put("b", 2).build();
    RegoObject other = RegoObject.builder().put("b", 2).put("a", 1).build();

    assertThat((Object) one)
        .isEqualTo(other)
        .hasSameHashCodeAs(other)
        .hasToString(other.toString());
    assertThat((Object) one.with(RegoString.of("c"), RegoNull.NULL)).isNotEqualTo(one);
    assertThat(one.size()).isEqualTo(2);
  }

  @Test
  void setsWorkAsSetsDo() {
    RegoSet odd = numbers(1, 3, 5, 7, 9, 11, 13, 15, 17, 19);
    RegoSet small = numbers(5, 4, 3, 2, 1);

    assertThat((Object) odd.intersection(small)).isEqualTo(numbers(1, 3, 5));
    assertThat((Object) small.minus(odd)).isEqualTo(numbers(2, 4));
    assertThat(small.union(numbers(6)).toArray().toString()).isEqualTo("[1, 2, 3, 4, 5, 6]");
    assertThat((Object) new TreeSet<>(List.of(small, odd)).first()).isEqualTo(small);
  }

  private static RegoSet numbers(int... values) {
    RegoSet.Builder set = RegoSet.builder();
    for (int value : values) {
      set.add(RegoNumber.of(value));
    }
    return set.build();
  }

  @Test
  void textIsRegoSource() {
    assertThat((Object) RegoSet.EMPTY).hasToString("set()");
    assertThat(
            (Object)
                RegoArray.of(
                    RegoString.of("a\"\n\u0001\u00e9"),
                    numbers(2, 1),
                    RegoObject.builder().put(RegoNumber.of(1), RegoNull.NULL).build()))
        .hasToString("[\"a\\\"\\n\\x01\u00e9\", {1, 2}, {1: null}]");
  }
}
