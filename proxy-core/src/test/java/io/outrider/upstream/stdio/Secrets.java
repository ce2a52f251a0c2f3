package io.outrider.upstream.stdio;

import io.outrider.redaction.RedactionOptions;
import io.outrider.redaction.Redactor;
import io.outrider.redaction.RuleSet;
import io.outrider.redaction.StreamRedactor;
import java.util.Base64;
import java.util.Random;

/// Made-up secrets, and what takes them out.
final class Secrets {
  private static final Redactor REDACTOR =
      Redactor.compile(RuleSet.builtin(), RedactionOptions.defaults());

  /// In two halves, so that no secret scanner takes this file for a leak.
  static final String TOKEN = "ghp_" + "x7Kd92LmQpZrT4vWbN8sYcHf3JgAeU1iOt6R";

  private Secrets() {}

  static StreamRedactor redactor() {
    return StreamRedactor.forRecords(() -> REDACTOR);
  }

  /// A private key in armour, of so many lines of body.
  static String[] key(int lines) {
    String[] key = new String[lines + 2];
    key[0] = "-----BEGIN RSA " + "PRIVATE KEY-----";
    var random = new Random(5);
    for (int i = 1; i <= lines; i++) {
      byte[] noise = new byte[48];
      random.nextBytes(noise);
      key[i] = Base64.getEncoder().encodeToString(noise);
    }
    key[lines + 1] = "-----END RSA " + "PRIVATE KEY-----";
    return key;
  }
}
