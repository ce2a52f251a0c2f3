package io.outrider.redaction;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// Labelled results of tools, made from a seed: texts of many kinds in the shapes that results
/// have, some with secrets in them, in plain sight, behind escapes, encoded, or split into lines.
final class Corpus {
  /// How a secret stands in a result.
  enum Hiding {
    PLAIN,
    /// Behind escapes of JSON that no writer needs.
    ESCAPED,
    /// In JSON inside a string of JSON.
    NESTED,
    /// A private key as an array of lines.
    SPLIT,
    /// As base 64, hexadecimal or percent code.
    ENCODED
  }

  /// One result of a tool.
  ///
  /// @param secrets what must not be in it any more; a secret of several lines is given line by
  ///   line
  record Document(String kind, String json, List<String> secrets, Hiding hiding) {}

  private Corpus() {}

  /// So many documents; two in five hold a secret.
  static List<Document> documents(int count, long seed) {
    var random = new SplittableRandom(seed);
    List<Document> documents = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      var kind = CorpusText.KINDS.get(i % CorpusText.KINDS.size());
      documents.add(i % 5 < 2 ? planted(kind, i, random) : document(kind, i, random));
    }
    return documents;
  }

  private static Document document(CorpusText.Kind kind, int number, SplittableRandom random) {
    List<String> lines = CorpusText.lines(kind, size(random), random);
    return new Document(kind.name(), shaped(kind, lines, number, random), List.of(), Hiding.PLAIN);
  }

  private static int size(SplittableRandom random) {
    return 500 + random.nextInt(11_000);
  }

  private static Document planted(CorpusText.Kind kind, int number, SplittableRandom random) {
    List<String> lines = CorpusText.lines(kind, size(random) / 3, random);
    Hiding hiding =
        switch (random.nextInt(20)) {
          case 0, 1, 2 -> Hiding.ESCAPED;
          case 3, 4, 5 -> Hiding.NESTED;
          case 6, 7 -> Hiding.ENCODED;
          case 8 -> Hiding.SPLIT;
          default -> Hiding.PLAIN;
        };
    boolean json = kind.syntax() == CorpusText.Syntax.JSON;
    int at = random.nextInt(lines.size() + 1);
    if (hiding == Hiding.SPLIT) {
      SampleText key = SampleText.of(CorpusSecrets.privateKey(random), random);
      List<String> parts = key.text().lines().toList();
      String array = "[" + String.join(",", parts.stream().map(Json::quote).toList()) + "]";
      String body =
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":[],\"structuredContent\":{\"lines\":"
              + array
              + "}}}";
      return new Document(kind.name(), body, parts.subList(1, parts.size() - 1), hiding);
    }
    if (hiding == Hiding.ENCODED) {
      SampleText clear = SampleText.of(CorpusSecrets.encodable(random), random);
      String encoded = encoded(clear.text(), random);
      lines.add(at, json ? "{\"data\":\"" + encoded + "\"}" : "data " + encoded);
      // Of a run all is masked, of text with percent signs only the secret.
      List<String> hidden =
          encoded.indexOf('%') < 0
              ? List.of(encoded)
              : clear.marked().stream()
                  .map(m -> percent(clear.text().substring(m[0], m[1])))
                  .toList();
      return new Document(kind.name(), shaped(kind, lines, number, random), hidden, hiding);
    }
    boolean pem = !json && random.nextInt(25) == 0;
    SampleText line =
        SampleText.of(
            pem ? CorpusSecrets.privateKey(random) : CorpusSecrets.line(kind.syntax(), random),
            random);
    List<String> secrets = new ArrayList<>();
    for (int[] mark : line.marked()) {
      line.text()
          .substring(mark[0], mark[1])
          .lines()
          .filter(part -> !part.startsWith("-----"))
          .forEach(secrets::add);
    }
    lines.add(at, line.text());
    String body =
        hiding == Hiding.NESTED
            ? result(
                "{\"type\":\"text\",\"text\":"
                    + Json.quote("{\"output\":" + Json.quote(text(kind, lines)) + ",\"ok\":true}")
                    + "}")
            : shaped(kind, lines, number, random);
    if (hiding == Hiding.ESCAPED) {
      for (String secret : secrets) {
        body = body.replace(inJson(secret), escaped(secret, random));
      }
    }
    return new Document(kind.name(), body, secrets, hiding);
  }

  private static String text(CorpusText.Kind kind, List<String> lines) {
    return kind.syntax() == CorpusText.Syntax.JSON
        ? "[" + String.join(",", lines) + "]"
        : String.join("\n", lines);
  }

  /// The text in one of the places that a result has for it.
  private static String shaped(
      CorpusText.Kind kind, List<String> lines, int number, SplittableRandom random) {
    String text = text(kind, lines);
    boolean json = kind.syntax() == CorpusText.Syntax.JSON;
    String item = "{\"type\":\"text\",\"text\":" + Json.quote(text) + "}";
    return switch (number % 4) {
      case 0 -> result(item);
      case 1 ->
          json
              ? "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"content\":["
                  + item
                  + "],\"structuredContent\":{\"items\":"
                  + text
                  + "}}}"
              : result(
                  "{\"type\":\"resource\",\"resource\":{\"uri\":\"file:///srv/"
                      + random.nextInt(1000)
                      + "\",\"mimeType\":\"text/plain\",\"text\":"
                      + Json.quote(text)
                      + "}}");
      case 2 -> result("{\"type\":\"text\",\"text\":\"Found:\"}," + item);
      default ->
          "{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"contents\":[{\"uri\":\"file:///a\",\"text\":"
              + Json.quote(text)
              + "}]}}";
    };
  }

  private static String result(String items) {
    return "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"content\":["
        + items
        + "],\"isError\":false}}";
  }

  private static String encoded(String text, SplittableRandom random) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return switch (random.nextInt(3)) {
      case 0 -> Base64.getEncoder().encodeToString(bytes);
      case 1 -> HexFormat.of().formatHex(bytes);
      default -> percent(text);
    };
  }

  private static String percent(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String inJson(String text) {
    String quoted = Json.quote(text);
    return quoted.substring(1, quoted.length() - 1);
  }

  private static String escaped(String secret, SplittableRandom random) {
    var out = new StringBuilder();
    for (char c : secret.toCharArray()) {
      if (c == '"' || c == '\\' || random.nextInt(4) == 0) {
        out.append(String.format("\\u%04x", (int) c));
      } else if (c == '/') {
        out.append("\\/");
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
