package io.outrider.policy;

import io.outrider.policy.value.RegoJson;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;

/// The content of a set of policies as one sequence of bytes, and the digest over it that names the
/// set in audit records: kinds, names and contents, each with its length, so that no two sets share
/// one.
final class Digests {
  private Digests() {}

  static String of(List<PolicySource> modules, List<PolicyData> data) {
    MessageDigest sha = sha256();
    parts(modules, data, sha::update);
    return "sha256:" + HexFormat.of().formatHex(sha.digest());
  }

  static byte[] content(List<PolicySource> modules, List<PolicyData> data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    parts(modules, data, out::writeBytes);
    return out.toByteArray();
  }

  private static void parts(
      List<PolicySource> modules, List<PolicyData> data, Consumer<byte[]> out) {
    modules.stream()
        .sorted(Comparator.comparing(PolicySource::name))
        .forEach(m -> add(out, kind(m), m.name(), m.text()));
    data.stream()
        .sorted(Comparator.comparing(PolicyData::name))
        .forEach(d -> add(out, "data", String.join("/", d.path()), RegoJson.write(d.value())));
  }

  /// The same text can mean something else in another version of the language.
  private static String kind(PolicySource module) {
    return module.version() == null ? "module" : "module " + module.version();
  }

  private static void add(Consumer<byte[]> out, String kind, String name, String content) {
    for (String part : List.of(kind, name, content)) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      out.accept(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      out.accept(bytes);
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
