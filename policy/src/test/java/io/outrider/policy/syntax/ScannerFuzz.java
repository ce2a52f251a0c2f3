package io.outrider.policy.syntax;

import java.nio.charset.StandardCharsets;

/// Any bytes, as text, become tokens or a diagnostic.
public final class ScannerFuzz {
  private ScannerFuzz() {}

  public static void fuzzerTestOneInput(byte[] data) {
    String text = new String(data, StandardCharsets.UTF_8);
    Scanner scanner = new Scanner(new Source("fuzz.rego", text));
    int at = 0;
    try {
      while (true) {
        Token token = scanner.next(at);
        if (token.kind() == Token.Kind.EOF) {
          return;
        }
        if (token.end() <= at) {
          throw new AssertionError("token " + token + " at " + at + " does not move on");
        }
        at = token.end();
      }
    } catch (ParseFailure failure) {
      if (failure.diagnostic().row() < 1) {
        throw new AssertionError("a diagnostic without a place: " + failure.diagnostic(), failure);
      }
    }
  }
}
