package io.outrider.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.policy.value.RegoJson;
import io.outrider.policy.value.RegoValue;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What [PolicySet#visibility] promises, tried on generated policies: a tool that is hidden is
/// refused with every arguments, by the same policies.
class VisibilitySoundnessTest {
  private static final int POLICIES = 2_000;
  private static final int INPUTS = 4;
  private static final int ARGUMENTS = 25;

  @Test
  void hiddenToolIsRefusedWithEveryArguments() {
    long seed = Long.getLong("test.seed", 1);
    System.out.println("VisibilitySoundnessTest: -Dtest.seed=" + seed);
    Random random = new Random(seed);
    int hidden = 0;
    int allowed = 0;
    for (int i = 0; i < POLICIES; i++) {
      String module = new PolicyGenerator(random).module();
      PolicySet policies;
      try {
        PolicyOptions options = PolicyOptions.DEFAULT.withLimits(Policies.patient());
        policies = PolicySet.compile(Policies.loaded(module), options);
      } catch (PolicyException unsafe) {
        continue;
      }
      for (int j = 0; j < INPUTS; j++) {
        String rest = "\"u\": " + random.nextInt(3) + ", \"v\": [1, " + random.nextInt(3) + "]";
        Visibility visibility = policies.visibility(RegoJson.read("{" + rest + "}"));
        boolean isHidden = visibility instanceof Visibility.Hidden;
        hidden += isHidden ? 1 : 0;
        for (int k = 0; k < ARGUMENTS; k++) {
          String arguments = arguments(random);
          RegoValue input = RegoJson.read("{" + rest + arguments + "}");
          boolean allows = policies.decide(input) instanceof Decision.Allow;
          allowed += allows ? 1 : 0;
          assertThat(isHidden && allows)
              .as("hidden (%s), yet allowed with %s by\n%s", visibility, input, module)
              .isFalse();
        }
      }
    }
    // Otherwise the generator would have shown nothing.
    assertThat(hidden).isGreaterThan(100);
    assertThat(allowed).isGreaterThan(500);
  }

  private static String arguments(Random random) {
    if (random.nextInt(8) == 0) {
      return "";
    }
    StringBuilder out = new StringBuilder(", \"arguments\": {");
    String separator = "";
    for (String key : List.of("a", "b", "c")) {
      if (random.nextBoolean()) {
        out.append(separator).append('"').append(key).append("\": ").append(value(random, 2));
        separator = ", ";
      }
    }
    return out.append('}').toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 7 : 4)) {
      case 0 -> "1";
      case 1 -> "2";
      case 2 -> random.nextBoolean() ? "true" : "false";
      case 3 -> "\"x\"";
      case 4 -> "[" + value(random, depth - 1) + ", " + value(random, depth - 1) + "]";
      case 5 -> "{\"a\": " + value(random, depth - 1) + "}";
      default -> "[]";
    };
  }
}
