package io.outrider.audit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.anchor.WitnessSigner;
import io.outrider.audit.format.NoteFile;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.SignerKey;
import io.outrider.audit.record.Event;
import io.outrider.audit.verify.AuditVerifier;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NoteHistoryTest {
  private static final Path ROOT = Path.of("/log");
  private static final Instant MORNING = Instant.parse("2026-02-27T08:00:00Z");

  private CrashFs disk = new CrashFs();

  private NoteHistory open() throws IOException {
    NoteHistory history =
        new NoteHistory(new Folder(disk, ROOT), "checkpoints", Duration.ofSeconds(1), 5);
    history.load();
    return history;
  }

  private static byte[] note(int number) {
    return ("log.example\n" + number + "\nroot\n\n\u2014 log.example sig" + number + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// The sizes kept of one day.
  private List<Integer> kept(String day) throws IOException {
    NoteFile.Content content =
        NoteFile.parse(
            disk.source(ROOT).read("checkpoints/2026/" + day + ".notes").orElse(new byte[0]));
    assertThat(content.rest()).isEmpty();
    return content.notes().stream()
        .map(n -> Integer.valueOf(new String(n, StandardCharsets.UTF_8).split("\n")[1]))
        .toList();
  }

  @Test
  void aDayIsThinnedWhenTheNextIsOver() throws Exception {
    try (NoteHistory history = open()) {
      for (int i = 0; i < 20; i++) {
        history.append(note(i), MORNING.plusSeconds(i));
        history.append(note(99), MORNING.plusSeconds(i).plusMillis(300));
      }
      history.append(note(20), MORNING.plus(Duration.ofDays(1)));
      assertThat(kept("02/27")).hasSize(20);
    }
    try (NoteHistory history = open()) {
      history.append(note(21), MORNING.plus(Duration.ofDays(2)));
      assertThat(kept("02/27")).containsExactly(0, 4, 9, 14, 19);
      assertThat(kept("02/28")).containsExactly(20);
      assertThat(kept("03/01")).containsExactly(21);
    }
  }

  @Test
  void aClockThatFallsBackChangesNoOrder() throws Exception {
    try (NoteHistory history = open()) {
      history.append(note(1), MORNING);
      history.append(note(2), MORNING.minus(Duration.ofDays(3)));
      history.append(note(3), MORNING.minus(Duration.ofDays(3)).plusSeconds(2));
    }
    assertThat(kept("02/27")).containsExactly(1, 2, 3);
  }

  @Test
  void aDayThatDoesNotEndStaysBounded() throws Exception {
    NoteHistory history =
        new NoteHistory(new Folder(disk, ROOT), "checkpoints", Duration.ofHours(1), 5);
    history.load();
    for (int i = 0; i < 500; i++) {
      history.append(note(i), MORNING.minus(Duration.ofHours(2L * i)));
    }
    assertThat(kept("02/27")).hasSizeLessThan(40).isSorted().startsWith(0).endsWith(499);
    history.close();
  }

  @Test
  void cosignaturesStandUnderTheCheckpointWhileItIsTheNewest() throws Exception {
    LogStore.Config config =
        new LogStore.Config(
            ROOT, "example.com/cosigned", 1 << 18, () -> MORNING, System::nanoTime, disk);
    try (LogStore store = LogStore.open(config)) {
      SignedNote first = published();
      SignedNote cosigned =
          first.with(List.of(WitnessSigner.ed25519("w.example/1").cosign(first, MORNING)));
      store.cosigned(cosigned);
      assertThat(published().signatures()).hasSize(2);

      store.add(new Event(Event.Kind.START, MORNING, Map.of()));
      store.write();
      store.sync();
      store.publish();
      store.cosigned(cosigned);
      assertThat(published().text()).as("an older one is kept beside").isNotEqualTo(first.text());
      assertThat(published().signatures()).hasSize(1);

      store.cosigned(SignerKey.generate("example.com/cosigned").sign(first.text()));
      assertThat(published().signatures()).as("another key's is ignored").hasSize(1);
    }
    assertThat(AuditVerifier.verify(disk.source(ROOT), null).problems()).isEmpty();
  }

  private SignedNote published() throws Exception {
    return SignedNote.parse(disk.source(ROOT).read("checkpoint").orElseThrow());
  }

  @Test
  void whatACrashLeavesIsNeverMoreThanATornTail() throws Exception {
    Random random = new Random(7);
    for (int stop = 0; stop < 120; stop++) {
      disk = new CrashFs();
      int end = stop;
      disk.plan((operation, what) -> {
        if (operation >= end) {
          throw new CrashFs.Crashed(what);
        }
      });
      int appended = 0;
      try {
        NoteHistory history = open();
        while (true) {
          history.append(note(appended), MORNING.plus(Duration.ofHours(7L * appended)));
          appended++;
        }
      } catch (CrashFs.Crashed e) {
        disk = disk.crash(random);
      }
      for (String day : List.of("02/27", "02/28", "03/01", "03/02", "03/03")) {
        NoteFile.Content content =
            NoteFile.parse(
                disk.source(ROOT).read("checkpoints/2026/" + day + ".notes").orElse(new byte[0]));
        assertThat(content.mayBeTorn()).as("stopped at %d, day %s", stop, day).isTrue();
      }
      disk.plan((operation, what) -> {});
      open().close();
      int found = 0;
      for (String day : List.of("02/27", "02/28", "03/01", "03/02", "03/03", "03/04", "03/05")) {
        found += kept(day).size();
      }
      assertThat(found).as("stopped at %d", stop).isGreaterThanOrEqualTo(Math.min(appended, 8));
    }
  }
}
