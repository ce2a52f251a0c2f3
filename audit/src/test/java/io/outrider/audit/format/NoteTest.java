package io.outrider.audit.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The vectors are those of golang.org/x/mod/sumdb/note (BSD-3-Clause) and the key of Tessera's
/// published test log.
class NoteTest {
  private static final String PETER_PRIVATE =
      "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
  private static final String PETER =
      "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  private static final String TEXT =
      "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  private static final String NOTE =
      TEXT
          + "\n\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void goSignedNoteIsMadeByteForByte() throws Exception {
    SignerKey signer = SignerKey.parse(PETER_PRIVATE);
    assertThat(signer.verifier()).hasToString(PETER);
    assertThat(signer.secretText()).isEqualTo(PETER_PRIVATE);
    assertThat(signer.toString()).doesNotContain("AYEKFALV");
    assertThat(new String(signer.sign(TEXT).bytes(), StandardCharsets.UTF_8)).isEqualTo(NOTE);
    assertThat(SignedNote.open(utf8(NOTE), VerifierKey.parse(PETER)).text()).isEqualTo(TEXT);
  }

  @Test
  void publishedKeysBelongTogether() {
    SignerKey tessera =
        SignerKey.parse(
            "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
    assertThat(tessera.verifier())
        .isEqualTo(
            VerifierKey.parse(
                "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"));
  }

  @Test
  void manglingAKeyIsNoticed() {
    for (String bad :
        List.of(
            "",
            "PeterNeumann",
            "PeterNeumann+c74f20a3",
            PETER.replace("c74f20a3", "c74f20a4"),
            PETER.replace("PeterNeumann", "PeterNewmann"),
            PETER.replace("+ARpc", "+ERpc"),
            PETER + "A",
            "a b" + PETER)) {
      assertThatThrownBy(() -> VerifierKey.parse(bad))
          .as(bad)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> SignerKey.parse(PETER_PRIVATE.substring(0, 60)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("AYEK");
  }

  @Test
  void everyFlippedBitOfANoteIsNoticed() {
    VerifierKey key = VerifierKey.parse(PETER);
    byte[] note = utf8(NOTE);
    for (int bit = 0; bit < note.length * 8; bit++) {
      byte[] flipped = note.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> SignedNote.open(flipped, key))
          .as("bit %s", bit)
          .isInstanceOf(FormatException.class)
          .hasMessageContaining("note:");
    }
  }

  @Test
  void strangersSignaturesAreIgnoredAndNeverEnough() throws Exception {
    SignerKey other = SignerKey.generate("someone.else");
    SignedNote mine = SignerKey.parse(PETER_PRIVATE).sign(TEXT);
    SignedNote both =
        new SignedNote(
            TEXT, List.of(other.sign(TEXT).signatures().getFirst(), mine.signatures().getFirst()));
    assertThat(SignedNote.open(both.bytes(), VerifierKey.parse(PETER)).signatures()).hasSize(2);
    assertThatThrownBy(() -> SignedNote.open(other.sign(TEXT).bytes(), VerifierKey.parse(PETER)))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("not signed by");
  }

  @Test
  void checkpointIsSpelledInOneWayOnly() throws Exception {
    Checkpoint checkpoint = new Checkpoint("example.com/log", 70_000, new byte[32]);
    assertThat(Checkpoint.parse(checkpoint.text())).isEqualTo(checkpoint);
    assertThat(Checkpoint.parse(checkpoint.text() + "an extension\n")).isEqualTo(checkpoint);
    for (String bad :
        List.of(
            checkpoint.text().replace("70000", "070000"),
            checkpoint.text().replace("70000", "-1"),
            checkpoint.text().replace("70000", "+7"),
            checkpoint.text().replace("A=\n", "B=\n"),
            checkpoint.text().replace("A=\n", "\n"),
            checkpoint.text().strip(),
            "\n7\n" + checkpoint.text().substring(22),
            checkpoint.text() + "\n")) {
      assertThatThrownBy(() -> Checkpoint.parse(bad)).as(bad).isInstanceOf(FormatException.class);
    }
  }

  @Test
  void proofFileGoesThereAndBack() throws Exception {
    ProofFile proof =
        new ProofFile(
            Optional.of(utf8("leaf")),
            73_894,
            List.of(new byte[32], Sha256.of(utf8("x"))),
            utf8(NOTE));
    ProofFile read = ProofFile.parse(proof.bytes());
    assertThat(read.bytes()).isEqualTo(proof.bytes());
    assertThat(read.index()).isEqualTo(73_894);
    assertThat(new String(proof.bytes(), StandardCharsets.UTF_8))
        .startsWith("c2sp.org/tlog-proof@v1\nextra bGVhZg==\nindex 73894\n");
    for (String bad :
        List.of(
            "",
            "c2sp.org/tlog-proof@v1\n\nx",
            "c2sp.org/tlog-proof@v1\nindex 01\n\nx",
            "c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nx")) {
      assertThatThrownBy(() -> ProofFile.parse(utf8(bad)))
          .as(bad)
          .isInstanceOf(FormatException.class);
    }
  }

  @Test
  void tilesHaveTheNamesTheSpecificationGives() {
    assertThat(TilePath.tile(0, 1_234_067, 256)).isEqualTo("tile/0/x001/x234/067");
    assertThat(TilePath.entries(1_234_067, 8)).isEqualTo("tile/entries/x001/x234/067.p/8");
    assertThat(TilePath.tile(0, 273, TilePath.width(0, 273, 70_000))).isEqualTo("tile/0/273.p/112");
    assertThat(TilePath.tile(1, 1, TilePath.width(1, 1, 70_000))).isEqualTo("tile/1/001.p/17");
    assertThat(TilePath.tile(2, 0, TilePath.width(2, 0, 70_000))).isEqualTo("tile/2/000.p/1");
    assertThat(TilePath.width(0, 272, 70_000)).isEqualTo(256);
    assertThat(TilePath.width(0, 274, 70_000)).isZero();
    assertThat(TilePath.width(3, 0, 70_000)).isZero();
  }

  @Test
  void bundleThatEndsInsideALeafIsRefused() throws Exception {
    byte[] bundle = {0, 3, 'a', 'b', 'c', 0, 0, 0, 1, 'd'};
    assertThat(EntryBundle.parse(bundle)).extracting(String::new).containsExactly("abc", "", "d");
    for (int length : new int[] {1, 2, 3, 4, 6, 8, 9}) {
      assertThatThrownBy(() -> EntryBundle.parse(Arrays.copyOf(bundle, length)))
          .as("%s bytes", length)
          .isInstanceOf(FormatException.class);
    }
    assertThatThrownBy(() -> EntryBundle.parse(new byte[257 * 2]))
        .isInstanceOf(FormatException.class);
  }
}
