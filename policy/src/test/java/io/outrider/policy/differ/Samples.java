package io.outrider.policy.differ;

import java.util.List;
import java.util.Random;

/// Modules of every degree of soundness.
final class Samples {
  private Samples() {}

  /// @param seeds sound modules to damage, beside those that the grammar gives
  static String next(Random random, List<String> seeds) {
    if (!seeds.isEmpty() && random.nextInt(3) == 0) {
      String seed = seeds.get(random.nextInt(seeds.size()));
      return new ModuleMutator(random).mutate(seed);
    }
    return switch (random.nextInt(3)) {
      case 0 -> new ModuleWriter(random, 0).write();
      case 1 -> new ModuleWriter(random, 4).write();
      default -> new ModuleMutator(random).mutate(new ModuleWriter(random, 0).write());
    };
  }
}
