package io.outrider.audit.format;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoteFileTest {
  private static final byte[] NOTE =
      SignerKey.generate("log.example")
          .sign(new Checkpoint("log.example", 17, new byte[32]).text())
          .bytes();
  private static final byte[] FILE = NoteFile.of(List.of(NOTE, NOTE, NOTE));

  /// Whether a reader would be content with what stands there: only whole notes, each signed, and
  /// perhaps the beginning of another.
  private static boolean passes(byte[] file) {
    NoteFile.Content content = NoteFile.parse(file);
    return content.mayBeTorn()
        && content.notes().stream().allMatch(note -> Arrays.equals(note, NOTE));
  }

  @Test
  void notesComeBackAsTheyWere() {
    NoteFile.Content content = NoteFile.parse(FILE);
    assertThat(content.notes()).hasSize(3).allMatch(note -> Arrays.equals(note, NOTE));
    assertThat(content.length()).isEqualTo(FILE.length);
    assertThat(NoteFile.parse(new byte[0]).notes()).isEmpty();
  }

  @Test
  void everyBeginningMayBeLeftByACrash() {
    for (int length = 0; length <= FILE.length; length++) {
      assertThat(passes(Arrays.copyOf(FILE, length))).as("cut to %d", length).isTrue();
    }
  }

  @Test
  void whatNeverArrivedIsZeros() {
    int second = NOTE.length + 1;
    for (int at = second + 1; at < 2 * second - 1; at++) {
      byte[] prefix = Arrays.copyOf(FILE, 2 * second);
      Arrays.fill(prefix, at, prefix.length, (byte) 0);
      assertThat(passes(prefix)).as("zeros from %d", at).isTrue();
      byte[] suffix = Arrays.copyOf(FILE, 2 * second);
      Arrays.fill(suffix, second, at, (byte) 0);
      assertThat(passes(suffix)).as("zeros up to %d", at).isTrue();
    }
  }

  @Test
  void noFlippedBitPassesForACrash() {
    for (int bit = 0; bit < FILE.length * 8; bit++) {
      byte[] flipped = FILE.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(passes(flipped))
          .as("bit %d of byte %d of %s", bit % 8, bit / 8, new String(FILE, StandardCharsets.UTF_8))
          .isFalse();
    }
  }
}
