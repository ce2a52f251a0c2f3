package io.outrider.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// The digest that names a set of policies in audit records: over kinds, names and contents, each
/// with its length, so that no two sets share one text.
final class Digests {
  private Digests() {}

  static String of(List<PolicySource> modules, List<PolicyData> data) {
    MessageDigest sha = sha256();
    modules.stream()
        .sorted(Comparator.comparing(PolicySource::name))
        .forEach(m -> add(sha, kind(m), m.name(), m.text()));
    data.stream()
        .sorted(Comparator.comparing(PolicyData::name))
        .forEach(d -> add(sha, "data", String.join("/", d.path()), d.value().toString()));
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  /// The same text can mean something else in another version of the language.
  private static String kind(PolicySource module) {
    return module.version() == null ? "module" : "module " + module.version();
  }

  private static void add(MessageDigest sha, String kind, String name, String content) {
    for (String part : List.of(kind, name, content)) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha.update(bytes);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
