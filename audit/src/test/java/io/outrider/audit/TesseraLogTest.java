package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.NoteFile;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.proof.RightEdge;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The test log of Tessera, whose private key is published: we come to the same bytes from the same
/// entries.
class TesseraLogTest {
  private static final List<String> ENTRIES =
      List.of(
          "one",
          "two",
          "three",
          "four",
          "five",
          "six",
          "seven",
          "eit",
          "nain",
          "ten",
          "ileven",
          "twelf",
          "threeten",
          "fourten",
          "fivten");

  @Test
  void everyCheckpointOfTesserasTestLogIsTheOneWeWouldSign() throws Exception {
    SignerKey key =
        SignerKey.parse(
            "PRIVATE+KEY+example.com/log/testdata+33d7b496+AeymY/SZAX0jZcJ8enZ5FY1Dz+wTML2yWSkK+9DSF3eg");
    NoteFile.Content file;
    try (InputStream in = TesseraLogTest.class.getResourceAsStream("tessera/checkpoints.notes")) {
      file = NoteFile.parse(Objects.requireNonNull(in).readAllBytes());
    }
    assertThat(file.rest()).isEmpty();
    assertThat(file.notes()).hasSize(16);
    RightEdge edge = new RightEdge();
    for (int size = 0; size <= ENTRIES.size(); size++) {
      byte[] note = file.notes().get(size);
      assertThat(SignedNote.open(note, key.verifier()).text()).contains("\n" + size + "\n");
      Checkpoint ours = new Checkpoint(key.verifier().name(), size, edge.root());
      assertThat(new String(key.sign(ours.text()).bytes(), StandardCharsets.UTF_8))
          .isEqualTo(new String(note, StandardCharsets.UTF_8));
      if (size < ENTRIES.size()) {
        byte[] entry = ENTRIES.get(size).getBytes(StandardCharsets.UTF_8);
        edge.append(entry, 0, entry.length);
      }
    }
  }
}
