package io.outrider.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/// JSON-RPC messages of a wanted size, the same in every run.
final class Messages {

  private static final String[] WORDS = {
    "report",
    "invoice",
    "status",
    "the",
    "and",
    "of",
    "quarter",
    "region",
    "customer",
    "open",
    "closed",
    "because",
    "pending",
    "2026-11-20",
    "http://example.com/a/b?c=d",
    "total",
    "error",
    "line",
    "42",
    "3.14",
    "user",
    "token",
    "key",
    "password",
    "value",
    "path/to/file.txt"
  };

  private Messages() {}

  /// The call of the load test: about what an agent sends for a small tool.
  static byte[] call() {
    return bytes(
        "{\"jsonrpc\":\"2.0\",\"id\":1000123,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"hello\"}}}");
  }

  /// A call of about `size` bytes, arguments of plain prose.
  static byte[] call(int size, boolean withSecrets) {
    return bytes(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"save\",\"arguments\":{\"title\":\"November\",\"text\":\""
            + prose(size - 120, withSecrets)
            + "\"}}}");
  }

  /// A result of about `size` bytes with one text.
  static byte[] result(int size, boolean withSecrets) {
    return bytes(
        "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
            + prose(size - 100, withSecrets)
            + "\"}],\"isError\":false}}");
  }

  /// Words that look like work: with dates, addresses and the keywords redaction rules wake up to.
  private static String prose(int length, boolean withSecrets) {
    SplittableRandom random = new SplittableRandom(length);
    StringBuilder text = new StringBuilder(length + 64);
    int secretEvery = Math.max(300, length / 5);
    int nextSecret = withSecrets ? secretEvery / 2 : Integer.MAX_VALUE;
    while (text.length() < length) {
      if (text.length() >= nextSecret) {
        // Put together here, so that nothing in this file looks like a live key.
        text.append("AKIA").append(random(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16));
        nextSecret += secretEvery;
      } else {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
      text.append(random.nextInt(12) == 0 ? "\\n" : " ");
    }
    return text.toString();
  }

  private static String random(SplittableRandom random, String alphabet, int length) {
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
