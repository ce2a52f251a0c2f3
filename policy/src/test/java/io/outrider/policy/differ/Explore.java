package io.outrider.policy.differ;

import io.outrider.policy.value.RegoObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Shows, by hand, where Outrider and OPA disagree: `Explore SEED COUNT [FOLDER-OF-MODULES...]`.
final class Explore {
  private Explore() {}

  public static void main(String[] args) throws IOException {
    long seed = Long.parseLong(args[0]);
    int count = Integer.parseInt(args[1]);
    List<String> seeds = new ArrayList<>();
    for (String folder : Arrays.asList(args).subList(2, args.length)) {
      try (Stream<Path> files = Files.walk(Path.of(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".rego")).sorted().toList()) {
          seeds.add(Files.readString(file));
        }
      }
    }
    Map<String, List<String>> classes = new TreeMap<>();
    Map<String, Integer> counts = new TreeMap<>();
    int agreeRejected = 0;
    int agreeAccepted = 0;
    int allAgree = 0;
    try (Oracle oracle = Oracle.find().orElseThrow()) {
      for (int i = 0; i < count; i++) {
        Random random = new Random(seed * 1_000_003 + i);
        String text = Samples.next(random, seeds);
        boolean strict = random.nextInt(5) == 0;
        RegoObject answer = oracle.ask(Verdict.question(text, strict));
        Verdict theirs = Verdict.theirs(answer);
        Verdict ours;
        try {
          ours = Verdict.ours(text, strict);
        } catch (RuntimeException | StackOverflowError e) {
          ours =
              new Verdict(
                  List.of(
                      "CRASH:0 "
                          + e
                          + " "
                          + Arrays.toString(e.getStackTrace())
                              .substring(
                                  0, Math.min(400, Arrays.toString(e.getStackTrace()).length()))));
        }
        if (ours.first().equals(theirs.first())) {
          if (ours.accepts()) {
            agreeAccepted++;
          } else {
            agreeRejected++;
            if (ours.places().equals(theirs.places())) {
              allAgree++;
            }
          }
          continue;
        }
        String key = label(theirs) + "  <>  " + label(ours);
        counts.merge(key, 1, Integer::sum);
        List<String> kept = classes.computeIfAbsent(key, k -> new ArrayList<>());
        String shown =
            "OPA:  "
                + String.join("\n      ", theirs.problems())
                + "\nOURS: "
                + String.join("\n      ", ours.problems())
                + "\n"
                + numbered(text);
        kept.add(shown);
        kept.sort((a, b) -> Integer.compare(a.length(), b.length()));
        if (kept.size() > 2) {
          kept.removeLast();
        }
      }
    }
    StringBuilder out = new StringBuilder();
    counts.entrySet().stream()
        .sorted((a, b) -> Integer.compare(b.getValue(), a.getValue()))
        .forEach(e -> {
          out.append("=== ").append(e.getValue()).append(" x ").append(e.getKey()).append('\n');
          for (String shown : classes.getOrDefault(e.getKey(), List.of())) {
            out.append(shown).append("\n---\n");
          }
        });
    System.out.print(out);
    System.out.printf(
        "agree: %d accepted, %d rejected (%d with all the same places); disagree: %d%n",
        agreeAccepted, agreeRejected, allAgree, counts.values().stream().mapToInt(i -> i).sum());
  }

  private static String label(Verdict verdict) {
    if (verdict.accepts()) {
      return "ok";
    }
    String first = verdict.problems().getFirst();
    String code = first.substring(0, first.indexOf(':'));
    String message = first.substring(first.indexOf(' ') + 1);
    message = message.replaceAll("[\"`].*[\"`]", "S").replaceAll("\\b[a-z]+[0-9]+\\b", "v");
    return code + " " + message.substring(0, Math.min(40, message.length())).replace('\n', ' ');
  }

  private static String numbered(String text) {
    StringBuilder out = new StringBuilder();
    int row = 1;
    for (String line : text.split("\n", -1)) {
      out.append("%3d| %s%n".formatted(row++, line));
    }
    return out.toString();
  }
}
