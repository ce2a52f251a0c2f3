package io.outrider.audit.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Leaf;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Sound and unsound proofs, made and judged by Go's own package (`e2e/foreign-verify/vectors`): we
/// judge the same.
class ProofVectorsTest {
  @Test
  void everyProofIsJudgedAsGoJudgesIt() throws Exception {
    List<String> lines;
    try (InputStream in = ProofVectorsTest.class.getResourceAsStream("vectors.jsonl")) {
      lines =
          new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .toList();
    }
    int sound = 0;
    for (String line : lines) {
      Map<String, Object> vector = Leaf.fields("vector", line.getBytes(StandardCharsets.UTF_8));
      boolean expected = (Boolean) Objects.requireNonNull(vector.get("ok"));
      assertThat(judge(vector)).as(line).isEqualTo(expected);
      sound += expected ? 1 : 0;
    }
    assertThat(lines).hasSizeGreaterThan(400);
    assertThat(sound).isGreaterThanOrEqualTo(26);
  }

  private static boolean judge(Map<String, Object> vector) {
    List<byte[]> proof = new ArrayList<>();
    for (Object hash : (List<?>) Objects.requireNonNull(vector.get("proof"))) {
      proof.add(Base64.getDecoder().decode(String.valueOf(hash)));
    }
    long old = number(vector, "old");
    long size = number(vector, "size");
    byte[] hash = bytes(vector, "hash");
    byte[] root = bytes(vector, "root");
    return "inclusion".equals(vector.get("kind"))
        ? new Proofs().includes(hash, old, size, proof, root)
        : new Proofs().consistent(old, hash, size, root, proof);
  }

  private static long number(Map<String, Object> vector, String name) {
    return (Long) Objects.requireNonNull(vector.get(name));
  }

  private static byte[] bytes(Map<String, Object> vector, String name) {
    return Base64.getDecoder().decode(String.valueOf(vector.get(name)));
  }
}
