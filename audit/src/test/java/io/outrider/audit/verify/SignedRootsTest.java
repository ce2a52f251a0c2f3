package io.outrider.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.SignerKey;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SignedRootsTest {
  /// Somebody puts more notes beside a log than can be kept in mind.
  @Test
  void notesAreRememberedUpToABound() {
    Problems problems = new Problems(false);
    SignedRoots roots =
        new SignedRoots(SignerKey.generate("example.com/roots").verifier(), problems, true);
    for (int i = 0; i < SignedRoots.MAX_NOTES; i++) {
      roots.add("note " + i, ("no checkpoint " + i).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(problems.worst()).isEqualTo(Verdict.TAMPERED);
    byte[] known = "no checkpoint 7".getBytes(StandardCharsets.UTF_8);
    assertThat(roots.knows(known)).isTrue();

    Problems later = new Problems(false);
    SignedRoots full =
        new SignedRoots(SignerKey.generate("example.com/roots").verifier(), later, true);
    for (int i = 0; i <= SignedRoots.MAX_NOTES; i++) {
      full.add("note " + i, ("no checkpoint " + i).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(later.list())
        .extracting(Problem::toString)
        .contains(
            "unreadable: note 10000: one of more than 10000 checkpoints (expected: at most that"
                + " many)");
  }
}
