package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.drill.MemoryLog;
import io.outrider.audit.format.Commitment;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import io.outrider.audit.format.Opening;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Target;
import io.outrider.audit.verify.AuditQuery;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.Filter;
import io.outrider.audit.verify.KeptValues;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import io.outrider.audit.verify.VerifyOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an insider may try with the values that are kept beside the records, which no signature
/// covers: each must be the one that its record committed to, in its own place.
class KeptValuesTamperTest {
  private static final byte[] SALT = new byte[32];
  private static final byte[] FORGED = "{\"forged\":true}".getBytes(StandardCharsets.UTF_8);
  private static final String PACK = "sealed/000";

  /// Record 100.
  private static final int CONSPIRATOR = 100;

  @TempDir Path temp;
  private MemoryLog log = new MemoryLog(Map.of());
  private VerifierKey key =
      VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");

  @BeforeEach
  void writeALog() throws Exception {
    Path folder = temp.resolve("log");
    // A caller who knows what will be forged names a tool by the commitment to it.
    SALT[0] = 1;
    String commitment = HexFormat.of().formatHex(Commitment.of(SALT, "in.text", FORGED));
    try (AuditLog audit = AuditLog.open(AuditOptions.in(folder).withSegmentBytes(1 << 18))) {
      key = audit.publicKey();
      for (int i = 0; i < 300; i++) {
        Refusal refusal = Samples.refusal("c-" + i);
        if (i == CONSPIRATOR - 2) {
          refusal = named(refusal, commitment);
        }
        Waiting.append(audit, refusal);
      }
    }
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    log = new MemoryLog(files);
  }

  private static Refusal named(Refusal refusal, String tool) {
    CallFacts call = refusal.call();
    Target target = call.target();
    Decision decision = refusal.decision();
    return new Refusal(
        new CallFacts(
            call.callId(),
            call.time(),
            call.principal(),
            call.client(),
            call.source(),
            new Target(
                target.era(),
                target.revision(),
                target.upstream(),
                target.method(),
                tool,
                target.definitionDigest()),
            call.input()),
        refusal.slug(),
        refusal.reasons(),
        decision);
  }

  /// The openings of each record of the first bundle, changed.
  private MemoryLog with(UnaryOperator<byte[][]> change) {
    ByteBuffer in = ByteBuffer.wrap(log.file(PACK));
    byte[][] annexes = new byte[256][];
    for (int i = 0; i < annexes.length; i++) {
      annexes[i] = new byte[in.getInt()];
      in.get(annexes[i]);
    }
    byte[][] changed = change.apply(annexes);
    int size = Arrays.stream(changed).mapToInt(annex -> Integer.BYTES + annex.length).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    for (byte[] annex : changed) {
      out.putInt(annex.length).put(annex);
    }
    return log.with(PACK, out.array());
  }

  private Verification verify(MemoryLog changed) {
    return AuditVerifier.check(changed, VerifyOptions.DEFAULT.withKey(key));
  }

  private static byte[] opening(String field, byte[] salt, byte[] value) {
    return ByteBuffer.allocate(1 + field.length() + salt.length + Integer.BYTES + value.length)
        .put((byte) field.length())
        .put(field.getBytes(StandardCharsets.US_ASCII))
        .put(salt)
        .putInt(value.length)
        .put(value)
        .array();
  }

  private Leaf leaf(long index) throws Exception {
    Leaf[] found = new Leaf[1];
    AuditQuery.run(
        log,
        index,
        Filter.ALL,
        entry -> {
          found[0] = entry.leaf();
          return false;
        });
    return found[0];
  }

  @Test
  void untouchedValuesAreFine() {
    assertThat(verify(with(annexes -> annexes)).problems()).isEmpty();
  }

  /// The record does hold the commitment to the forged value, but as the name of a tool.
  @Test
  void aCommitmentThatACallerPutElsewhereOpensNothing() throws Exception {
    MemoryLog forged =
        with(annexes -> {
          annexes[CONSPIRATOR] = opening("in.text", SALT, FORGED);
          return annexes;
        });
    assertThat(leaf(CONSPIRATOR).json())
        .contains(HexFormat.of().formatHex(Commitment.of(SALT, "in.text", FORGED)));
    Verification result = verify(forged);
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems().getFirst().toString())
        .isEqualTo(
            "tampered at record 100: the value kept for in.text is not the one the record committed"
                + " to");
    assertThatThrownBy(() -> KeptValues.of(forged, leaf(CONSPIRATOR)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("in.text");
  }

  @Test
  void valuesThatMovedToAnotherRecordAreTold() {
    Verification result =
        verify(
            with(annexes -> {
              byte[] moved = annexes[50];
              annexes[50] = annexes[51];
              annexes[51] = moved;
              return annexes;
            }));
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems()).extracting(p -> p.index()).contains(50L, 51L);
  }

  @Test
  void valuesUnderTheNameOfAnotherFieldAreTold() {
    Verification result =
        verify(
            with(annexes -> {
              byte[] annex = annexes[50];
              byte[] text =
                  new String(annex, StandardCharsets.ISO_8859_1)
                      .replace("in.digest", "in.detail")
                      .getBytes(StandardCharsets.ISO_8859_1);
              annexes[50] = text;
              return annexes;
            }));
    assertThat(result.problems().getFirst().toString())
        .isEqualTo(
            "tampered at record 50: the value kept for in.detail is not the one the record committed"
                + " to");
  }

  /// Zeros stand where a value was erased; who erases one leaves a record of it.
  @Test
  void aValueErasedWithoutARecordIsTold() throws Exception {
    Verification result =
        verify(
            with(annexes -> {
              ByteBuffer annex = ByteBuffer.wrap(annexes[50]);
              try {
                Opening.erase(annex, "in.text"::equals);
              } catch (FormatException e) {
                throw new AssertionError(e);
              }
              return annexes;
            }));
    assertThat(result.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(result.problems().getFirst().toString())
        .isEqualTo(
            "incomplete at record 50: a value kept for it was erased, and no redact record accounts"
                + " for that");
  }

  @Test
  void bytesBehindTheLastValueAreTold() {
    byte[] pack = log.file(PACK);
    Verification result = verify(log.with(PACK, Arrays.copyOf(pack, pack.length + 3)));
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems().getFirst().what())
        .isEqualTo("sealed/000: 3 bytes behind the values of its last record (expected: none)");
  }
}
