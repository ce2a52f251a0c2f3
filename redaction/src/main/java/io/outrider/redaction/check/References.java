package io.outrider.redaction.check;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Values that say where a secret is kept, and are none: names of entries in a secret store, paths,
/// addresses without credentials.
final class References {
  private static final List<String> PREFIXES =
      List.of(
          "arn:",
          "op://",
          "vault:",
          "secret/",
          "secrets/",
          "projects/",
          "ssm:",
          "ref+",
          "awssm://",
          "gcpsm://",
          "azurekv://",
          "keyring:",
          "env:",
          "file:",
          "/run/",
          "/var/",
          "/etc/",
          "/home/",
          "/usr/",
          "/tmp/",
          "~/",
          "./",
          "../",
          "@microsoft.keyvault",
          "kubernetes.io/",
          "enc(",
          "enc[",
          "process.env",
          "os.environ",
          "http://",
          "https://");

  private References() {}

  static boolean is(byte[] text, int start, int stop) {
    int n = Math.min(stop - start, 24);
    String head = new String(text, start, n, StandardCharsets.ISO_8859_1);
    for (String prefix : PREFIXES) {
      if (head.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return !(prefix.startsWith("http") && hasUser(text, start, stop));
      }
    }
    return false;
  }

  private static boolean hasUser(byte[] text, int start, int stop) {
    for (int i = start + 8; i < stop && text[i] != '/'; i++) {
      if (text[i] == '@') {
        return true;
      }
    }
    return false;
  }
}
