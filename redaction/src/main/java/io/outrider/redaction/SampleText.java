package io.outrider.redaction;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The text of a sample, with its placeholders filled in: `{hex:40}` becomes forty random
/// hexadecimal digits, and what stands between `«` and `»` is what a rule must find. Random, so
/// that no rule file holds anything a scanner of code hosts would take for a live secret.
///
/// @param text what is searched
/// @param marked the stretches of the text that must be found, as first and one past the last
///   character
record SampleText(String text, List<int[]> marked) {
  private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
  private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  private static final String DIGITS = "0123456789";

  /// How much of the entropy that a sample could have it must have.
  private static final double LEAST = 0.82;

  static SampleText of(String template, SplittableRandom random) {
    var out = new StringBuilder();
    List<int[]> marked = new ArrayList<>();
    int open = -1;
    int at = 0;
    while (at < template.length()) {
      char c = template.charAt(at);
      int close = c == '{' ? template.indexOf('}', at) : -1;
      String filled = close < 0 ? null : fill(template.substring(at + 1, close), random);
      if (filled != null) {
        out.append(filled);
        at = close + 1;
        continue;
      }
      if (c == '«') {
        open = out.length();
      } else if (c == '»') {
        marked.add(new int[] {open, out.length()});
      } else {
        out.append(c);
      }
      at++;
    }
    return new SampleText(out.toString(), marked);
  }

  private static @Nullable String fill(String name, SplittableRandom random) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    String argument = colon < 0 ? "" : name.substring(colon + 1);
    if (kind.equals("pem")) {
      return pem(argument, random);
    }
    if (kind.equals("password") && argument.matches("\\d{1,2}")) {
      return password(Integer.parseInt(argument), random);
    }
    String alphabet = alphabet(kind);
    if (!alphabet.isEmpty() && argument.matches("\\d{1,4}")) {
      return mixed(alphabet, Integer.parseInt(argument), random);
    }
    if (colon >= 0) {
      return null;
    }
    return switch (kind) {
      case "uuid", "uuid4" ->
          new UUID(
                  random.nextLong() & ~0xf000L | 0x4000L,
                  random.nextLong() & Long.MAX_VALUE >>> 1 | Long.MIN_VALUE)
              .toString();
      case "jwt" ->
          base64Url("{\"alg\":\"HS256\",\"typ\":\"JWT\"}")
              + "."
              + base64Url("{\"sub\":\"" + mixed(DIGITS, 10, random) + "\",\"iat\":1700000000}")
              + "."
              + mixed(alphabet("b64urlmix"), 43, random);
      case "jwehead" -> base64Url("{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}");
      case "basic" ->
          Base64.getEncoder()
              .encodeToString(
                  ("user:" + mixed(alphabet("alnum"), 12, random))
                      .getBytes(StandardCharsets.US_ASCII));
      case "card" -> luhn("4" + mixed(DIGITS, 14, random));
      case "cardspaced" -> luhn("51" + mixed(DIGITS, 13, random)).replaceAll("(.{4})(?=.)", "$1 ");
      case "iban" -> iban(mixed(DIGITS, 18, random));
      default -> null;
    };
  }

  private static String alphabet(String kind) {
    return switch (kind) {
      case "hex" -> DIGITS + "abcdef";
      case "HEX" -> DIGITS + "ABCDEF";
      case "digit" -> DIGITS;
      case "digit9" -> "123456789";
      case "letter" -> LOWER + UPPER;
      case "lower" -> LOWER;
      case "upper" -> UPPER;
      case "alnum" -> LOWER + UPPER + DIGITS;
      case "lowalnum" -> LOWER + DIGITS;
      case "upalnum" -> UPPER + DIGITS;
      case "base32" -> UPPER + "234567";
      case "base32low" -> LOWER + "234567";
      case "bech32" -> "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
      case "b64mix", "b64" -> LOWER + UPPER + DIGITS + "+/";
      case "b64urlmix", "b64url" -> LOWER + UPPER + DIGITS + "-_";
      case "bcrypt" -> "./" + UPPER + LOWER + DIGITS;
      default -> "";
    };
  }

  /// Random characters that begin and end with a letter or digit, and hold a digit and a letter
  /// wherever there is room. The one in thousands that repeats itself so much that no measure of
  /// randomness would take it is not given out.
  private static String mixed(String alphabet, int length, SplittableRandom random) {
    String plain = alphabet.replaceAll("[^A-Za-z0-9]", "");
    while (true) {
      var out = new StringBuilder();
      for (int i = 0; i < length; i++) {
        String from = i == 0 || i == length - 1 ? plain : alphabet;
        out.append(from.charAt(random.nextInt(from.length())));
      }
      String text = out.toString();
      boolean digit = !alphabet.matches(".*\\d.*") || text.matches(".*\\d.*");
      boolean letter = !alphabet.matches(".*[A-Za-z].*") || text.matches(".*[A-Za-z].*");
      boolean varied =
          length < 8 || entropy(text) >= LEAST * log2(Math.min(length, plain.length()));
      if (length < 4 || (digit && letter && varied)) {
        return text;
      }
    }
  }

  /// What a generator of passwords gives when nobody tells it otherwise: small letters, capitals,
  /// and digits in two places. Without those a password cannot be told from a word.
  private static String password(int length, SplittableRandom random) {
    while (true) {
      String text = mixed(alphabet("alnum"), length, random);
      if (text.matches("(?=.*[a-z])(?=.*[A-Z]).*\\d[A-Za-z]+\\d.*")) {
        return text;
      }
    }
  }

  private static double entropy(String text) {
    int[] counts = new int[128];
    text.chars().forEach(c -> counts[c]++);
    double bits = 0;
    for (int count : counts) {
      bits -= count == 0 ? 0 : count * log2((double) count / text.length());
    }
    return bits / text.length();
  }

  private static double log2(double n) {
    return Math.log(n) / Math.log(2);
  }

  private static String base64Url(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String pem(String label, SplittableRandom random) {
    var out = new StringBuilder("-----BEGIN " + label + "-----\n");
    for (int i = 0; i < 6; i++) {
      out.append(mixed(alphabet("b64mix"), 64, random)).append('\n');
    }
    return out.append("-----END ").append(label).append("-----").toString();
  }

  private static String luhn(String body) {
    int sum = 0;
    for (int i = 0; i < body.length(); i++) {
      int digit = body.charAt(body.length() - 1 - i) - '0';
      digit = i % 2 == 0 ? digit * 2 : digit;
      sum += digit > 9 ? digit - 9 : digit;
    }
    return body + (10 - sum % 10) % 10;
  }

  private static String iban(String account) {
    int remainder = 0;
    for (char c : (account + "131400").toCharArray()) {
      remainder = (remainder * 10 + c - '0') % 97;
    }
    return "DE" + String.format("%02d", 98 - remainder) + account;
  }
}
