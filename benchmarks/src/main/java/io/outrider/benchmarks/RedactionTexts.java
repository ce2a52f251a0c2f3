package io.outrider.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/// Texts as tools return them, the same in every run over the same checkout.
final class RedactionTexts {
  /// Root of the checkout, whose own prose and source code are the natural text.
  private static final Path ROOT = Path.of(System.getProperty("outrider.root", "."));

  private static final List<String> FOLDERS =
      List.of("docs", "policies", "policy/src/main/java", "proxy-core/src/main/java", "audit/src");

  private static final String[] KEYWORDS =
      ("key token secret the api request auth user password for access session id value client config"
              + " header test login account code data cookie bearer response private public")
          .split(" ");

  private RedactionTexts() {}

  /// Prose, source code and policies: little that a rule would look at twice.
  static String natural(int length) {
    var text = new StringBuilder(length);
    while (text.length() < length) {
      int before = text.length();
      for (String folder : FOLDERS) {
        append(ROOT.resolve(folder), length, text);
      }
      if (text.length() == before) {
        throw new IllegalStateException(
            "no text below " + ROOT.toAbsolutePath() + " (expected: -Doutrider.root=CHECKOUT)");
      }
    }
    return text.substring(0, length);
  }

  private static void append(Path folder, int length, StringBuilder text) {
    if (!Files.isDirectory(folder) || text.length() >= length) {
      return;
    }
    try (var files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().matches(".*\\.(java|md|rego)")).sorted().toList()) {
        if (text.length() < length) {
          text.append(Files.readString(file));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Natural text in turn with lines of logs and API answers made of the words that rules wake up
  /// to; with a secret in every ten kilobytes when `secrets` is set.
  static String dense(int length, boolean secrets) {
    String natural = natural(Math.max(length, 1));
    var random = new SplittableRandom(11);
    var text = new StringBuilder(length + 512);
    int nextSecret = 5_000;
    while (text.length() < length) {
      int from = text.length() % Math.max(1, natural.length() - 400);
      text.append(natural, from, Math.min(natural.length(), from + 300)).append('\n');
      for (int line = 0; line < 4; line++) {
        text.append("2026-11-20T10:0").append(random.nextInt(10)).append(":01Z INFO ");
        for (int word = 0; word < 9; word++) {
          text.append(KEYWORDS[random.nextInt(KEYWORDS.length)])
              .append(random.nextInt(12) == 0 ? ": " : " ");
        }
        text.append("{\"id\":")
            .append(random.nextInt(100_000))
            .append(",\"user\":\"u")
            .append(random.nextInt(99))
            .append("\",\"session_count\":3}\n");
      }
      if (secrets && text.length() > nextSecret) {
        nextSecret += 10_000;
        // Put together here, so that nothing in this file looks like a live key.
        text.append(
            switch (random.nextInt(4)) {
              case 0 ->
                  "aws_access_key_id = AKIA"
                      + letters(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
              case 1 -> "token: ghp_" + letters(random, "ABCDEFGHIJabcdefghij0123456789", 36);
              case 2 -> "STRIPE=sk_live_" + letters(random, "ABCDEFGHIJabcdefghij0123456789", 24);
              default ->
                  "postgres://app:"
                      + letters(random, "ABCDEFGHIJabcdefghij0123456789", 16)
                      + "@db.internal:5432/app";
            });
        text.append('\n');
      }
    }
    return text.substring(0, length);
  }

  private static String letters(SplittableRandom random, String alphabet, int length) {
    var text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /// The result of a tool call with one text.
  static byte[] result(String text) {
    var json =
        new StringBuilder(text.length() + 128)
            .append(
                "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (c < ' ') {
            json.append(String.format("\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    return json.append("\"}],\"isError\":false}}").toString().getBytes(StandardCharsets.UTF_8);
  }
}
