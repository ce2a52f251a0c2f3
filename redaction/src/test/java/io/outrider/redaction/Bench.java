package io.outrider.redaction;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A quick look at what redaction costs, beside a Jackson walk over the same bytes. Not a test; JMH
/// has the last word.
///
/// Arguments: folders whose text files make up natural text.
final class Bench {
  private static final JsonFactory JACKSON = new JsonFactory();

  private Bench() {}

  public static void main(String[] args) throws Exception {
    long before = cpu();
    long wall = System.nanoTime();
    RuleSet rules = RuleSet.builtin();
    long read = System.nanoTime();
    Redactor redactor = Redactor.compile(rules, RedactionOptions.defaults());
    long compiled = System.nanoTime();
    byte[] small = message(600);
    redactor.redact(small);
    long first = System.nanoTime();
    System.out.printf(
        "cold: read %.0f ms, compile %.0f ms, first message %.1f ms, cpu %.0f ms, %d rules%n",
        (read - wall) / 1e6,
        (compiled - read) / 1e6,
        (first - compiled) / 1e6,
        (cpu() - before) / 1e6,
        rules.size());
    System.gc();
    Runtime rt = Runtime.getRuntime();
    System.out.printf("heap after: %.1f MB%n", (rt.totalMemory() - rt.freeMemory()) / 1e6);
    List<byte[]> clean = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      clean.add(message(600));
    }
    measure("clean 600 B", redactor, clean);
    if (args.length > 0) {
      String natural = natural(args);
      measure("natural 1 KB", redactor, pieces(natural, 1_000, 400));
      measure("natural 64 KB", redactor, pieces(natural, 64_000, 40));
      measure("natural 4 MB", redactor, pieces(natural, 4_000_000, 2));
      measure("dense 64 KB", redactor, pieces(dense(4_000_000), 64_000, 40));
      for (String flood :
          List.of(
              "ey",
              "key ",
              "curl ",
              "eyabcdefghijklmnopqrstuvw.",
              "-----BEGIN PRIVATE KEY-----",
              "https://a",
              "api_key: \"abcdefghij\" ",
              "password=",
              "key=",
              "Bearer ",
              "a",
              "\n",
              "token: ",
              "{",
              "[",
              "\"",
              "\\\"a")) {
        measure(
            "flood " + flood.replace("\n", "\\n"),
            redactor,
            List.of(wrap(flood.repeat(64_000 / flood.length()))));
      }
      Redactor pii =
          Redactor.compile(
              rules,
              RedactionOptions.defaults()
                  .withGroups(
                      java.util.Set.of("email", "card", "iban", "phone", "ip", "national-id")));
      measure("natural 64 KB with PII", pii, pieces(natural, 64_000, 40));
    }
  }

  private static void measure(String name, Redactor redactor, List<byte[]> messages)
      throws Exception {
    long bytes = messages.stream().mapToLong(m -> m.length).sum();
    int findings = 0;
    for (byte[] m : messages) {
      findings += redactor.redact(m).findings().size();
    }
    double ours =
        best(
            bytes,
            () -> {
              for (byte[] m : messages) {
                redactor.redact(m);
              }
            });
    double jackson =
        best(
            bytes,
            () -> {
              for (byte[] m : messages) {
                walk(m);
              }
            });
    System.out.printf(
        "%-34s %8.1f MB/s  jackson %8.1f MB/s  ratio %.2f  %8.2f us/message  %d findings%n",
        name, ours, jackson, ours / jackson, bytes / ours / messages.size(), findings);
  }

  private static double best(long bytes, Runnable work) {
    double best = 0;
    for (int round = 0; round < 12; round++) {
      long start = cpu();
      int n = 0;
      do {
        work.run();
        n++;
      } while (cpu() - start < 100_000_000L);
      best = Math.max(best, bytes * (double) n / (cpu() - start) * 1e3);
    }
    return best;
  }

  private static void walk(byte[] m) {
    try (JsonParser json = JACKSON.createParser(ObjectReadContext.empty(), m)) {
      while (json.nextToken() != null) {
        if (json.currentToken().isScalarValue()) {
          json.getStringLength();
        }
      }
    }
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int counter;

  private static byte[] message(int size) {
    var words =
        new StringBuilder(
            "{\"jsonrpc\":\"2.0\",\"id\":"
                + counter++
                + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    var random = new SplittableRandom(counter);
    String[] all =
        ("the issue was opened by a user who wrote that the build fails on main since Tuesday because the path of the "
                + "workspace is not found when the runner starts; status open, labels bug and triage, 12 comments")
            .split(" ");
    while (words.length() < size - 40) {
      words.append(all[random.nextInt(all.length)]).append(random.nextInt(12) == 0 ? "\\n" : " ");
    }
    return words.append("\"}],\"isError\":false}}").toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String natural(String[] folders) throws Exception {
    var text = new StringBuilder();
    for (String folder : folders) {
      try (var files = Files.walk(Path.of(folder))) {
        for (Path file :
            files
                .filter(f -> f.toString().matches(".*\\.(java|md|xml|rego|json|yaml)"))
                .sorted()
                .toList()) {
          if (Files.size(file) < 400_000) {
            text.append(Files.readString(file));
          }
        }
      }
    }
    return text.toString();
  }

  private static String dense(int size) {
    String[] words =
        ("key token secret the api request auth user password for access session id value client config header sk test "
                + "login account code data cookie bearer response pass private public")
            .split(" ");
    var random = new SplittableRandom(1);
    var text = new StringBuilder();
    while (text.length() < size) {
      text.append(words[random.nextInt(words.length)])
          .append(random.nextInt(5) == 0 ? ": " : random.nextInt(9) == 0 ? "=" : " ");
    }
    return text.toString();
  }

  private static List<byte[]> pieces(String text, int size, int max) {
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < max; i++) {
      int from = (int) ((long) i * size % Math.max(1, text.length() - size));
      pieces.add(wrap(text.substring(from, Math.min(text.length(), from + size))));
    }
    return pieces;
  }

  private static byte[] wrap(String text) {
    return ("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[{\"type\":\"text\",\"text\":"
            + Json.quote(text)
            + "}]}}")
        .getBytes(StandardCharsets.UTF_8);
  }
}
