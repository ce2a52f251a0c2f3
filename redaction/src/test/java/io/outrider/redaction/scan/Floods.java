package io.outrider.redaction.scan;

import io.outrider.redaction.json.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Looks for texts that are slow to search: short pieces, repeated, bred for steps per byte. By
/// hand: `Floods SEED ROUNDS` prints the worst it finds, for [FloodTest] to keep.
final class Floods {
  private static final String SIGNS = " =:\"'._-/,;\n@+&?<>()[]{}$%~0aZ";

  private final Engine engine;
  private final Search search = new Search();
  private final List<String> pieces = new ArrayList<>();

  Floods(Engine engine) {
    this.engine = engine;
    pieces.addAll(engine.literals());
    for (int i = 0; i < SIGNS.length(); i++) {
      pieces.add(SIGNS.substring(i, i + 1));
    }
  }

  /// Steps per byte of a piece repeated to a length.
  double stepsPerByte(String piece, int length) {
    byte[] flood = piece.repeat(length / piece.length() + 1).getBytes(StandardCharsets.UTF_8);
    var text = new JsonText();
    text.readPlain(flood, 0, length);
    try {
      search.run(engine, text, 0, length, new Matches());
    } catch (TooMuchWorkException e) {
      return Double.MAX_VALUE;
    }
    return (double) search.steps() / length;
  }

  /// The worst of so many tries.
  String worst(long seed, int rounds, int length) {
    var random = new SplittableRandom(seed);
    String worst = "a";
    double most = 0;
    for (int round = 0; round < rounds; round++) {
      String tried = random.nextInt(3) == 0 ? fresh(random) : changed(worst, random);
      double steps = stepsPerByte(tried, length);
      if (steps > most) {
        most = steps;
        worst = tried;
      }
    }
    return worst;
  }

  private String fresh(SplittableRandom random) {
    var text = new StringBuilder();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      text.append(piece(random));
    }
    return text.toString();
  }

  private String changed(String text, SplittableRandom random) {
    int at = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), at + random.nextInt(4));
    String changed =
        text.substring(0, at)
            + (random.nextInt(3) == 0 ? "" : piece(random))
            + text.substring(random.nextBoolean() ? to : at);
    return changed.isEmpty() || changed.length() > 80 ? fresh(random) : changed;
  }

  private String piece(SplittableRandom random) {
    return pieces.get(random.nextInt(pieces.size()));
  }

  public static void main(String[] args) {
    var floods = new Floods(FloodTest.builtin());
    long seed = args.length > 0 ? Long.parseLong(args[0]) : 1;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 2_000;
    String worst = floods.worst(seed, rounds, 16_384);
    System.out.printf(
        "%.1f steps per byte: %s%n",
        floods.stepsPerByte(worst, 16_384), worst.replace("\n", "\\n"));
  }
}
