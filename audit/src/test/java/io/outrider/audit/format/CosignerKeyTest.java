package io.outrider.audit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.outrider.audit.anchor.WitnessSigner;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CosignerKeyTest {
  private static final Instant TIME = Instant.parse("2026-11-28T12:00:00Z");

  private final SignerKey log = SignerKey.generate("example.com/log");
  private final SignedNote note =
      log.sign(new Checkpoint("example.com/log", 17, new byte[32]).text());

  private static WitnessSigner witness(CosignerKey.Algorithm algorithm) throws Exception {
    return algorithm == CosignerKey.Algorithm.ED25519
        ? WitnessSigner.ed25519("w.example/1")
        : WitnessSigner.mlDsa("w.example/1");
  }

  @ParameterizedTest
  @EnumSource
  void cosignatureTellsTheTime(CosignerKey.Algorithm algorithm) throws Exception {
    WitnessSigner witness = witness(algorithm);
    SignedNote cosigned = note.with(List.of(witness.cosign(note, TIME)));

    CosignerKey key = CosignerKey.parse(witness.key().toString());

    assertThat(key).isEqualTo(witness.key());
    assertThat(key.cosigned(SignedNote.parse(cosigned.bytes()))).contains(TIME);
    assertThat(key.cosigned(note)).isEmpty();
    assertThat(SignedNote.open(cosigned.bytes(), log.verifier()).text()).isEqualTo(note.text());
  }

  @ParameterizedTest
  @EnumSource
  void everyChangedByteOfACosignatureCounts(CosignerKey.Algorithm algorithm) throws Exception {
    WitnessSigner witness = witness(algorithm);
    SignedNote.Signature signature = witness.cosign(note, TIME);
    int step = signature.bytes().length / 60;
    for (int i = 0; i < signature.bytes().length; i += step) {
      byte[] changed = signature.bytes().clone();
      changed[i] ^= 1;
      SignedNote other =
          note.with(
              List.of(new SignedNote.Signature(signature.name(), signature.keyId(), changed)));
      assertThat(witness.key().cosigned(other)).as("byte %d", i).isEmpty();
    }
    SignedNote larger =
        new SignedNote(
            new Checkpoint("example.com/log", 18, new byte[32]).text(), List.of(signature));
    assertThat(witness.key().cosigned(larger)).isEmpty();
  }

  @Test
  void theNewestOfSeveralCounts() throws Exception {
    WitnessSigner witness = WitnessSigner.ed25519("w.example/1");
    SignedNote twice =
        note.with(List.of(witness.cosign(note, TIME.plusSeconds(5)), witness.cosign(note, TIME)));
    assertThat(witness.key().cosigned(twice)).contains(TIME.plusSeconds(5));
  }

  @Test
  void aKeyIsReadOnlyInItsOwnSpelling() throws Exception {
    String text = WitnessSigner.ed25519("w.example/1").key().toString();
    String id = text.split("\\+")[1];
    assertThatThrownBy(() -> CosignerKey.parse(text.replace(id, "00000000")))
        .hasMessageContaining("id 00000000 (expected: " + id + ")");
    assertThatThrownBy(() -> CosignerKey.parse(log.verifier().toString()))
        .hasMessageContaining("type 1, the key of a log (expected: 4");
    assertThatThrownBy(() -> CosignerKey.parse("w.example/1"))
        .hasMessageContaining("(expected: name+id+base64)");
    assertThatThrownBy(() -> CosignerKey.parse("w.example/1+12345678+BAAA"))
        .hasMessageContaining("2 bytes (expected: 32)");
  }

  /// The example of C2SP tlog-cosignature: whose key we do not have, but whose shape is that of the
  /// specification.
  @Test
  void theExampleOfTheSpecificationIsRead() throws Exception {
    SignedNote example =
        SignedNote.parse(
            """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            \u2014 example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            \u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
            """
                .getBytes(StandardCharsets.UTF_8));
    assertThat(example.signatures().get(1).keyId()).isEqualTo(0x8d66cf3f);
    assertThat(example.signatures().get(1).bytes()).hasSize(72);
  }
}
