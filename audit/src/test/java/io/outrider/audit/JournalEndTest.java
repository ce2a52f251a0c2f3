package io.outrider.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.format.VerifierKey;
import io.outrider.audit.verify.AuditVerifier;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.Problem;
import io.outrider.audit.verify.Verdict;
import io.outrider.audit.verify.Verification;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Records that were acknowledged and that no checkpoint covers yet, in a copy of a log at work:
/// whether their loss is told.
class JournalEndTest {
  private static final int RECORDS = 600;

  @TempDir Path temp;
  private Path copy;
  private VerifierKey key;

  @BeforeEach
  void copyALogAtWork() throws Exception {
    Path folder = temp.resolve("log");
    copy = temp.resolve("copy");
    AuditOptions options =
        AuditOptions.in(folder)
            .withSegmentBytes(1 << 18)
            .withCheckpointInterval(Duration.ofHours(1));
    try (AuditLog log = AuditLog.open(options)) {
      key = log.publicKey();
      for (int i = 0; i < RECORDS; i++) {
        Listening told = new Listening();
        log.append(Samples.refusal("c-" + i), Runnable::run, told);
        assertThat(told.index()).isPositive();
      }
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.toList()) {
          Path to = copy.resolve(folder.relativize(file));
          if (Files.isDirectory(file)) {
            Files.createDirectories(to);
          } else if (!file.endsWith("lock")) {
            Files.copy(file, to);
          }
        }
      }
    }
  }

  /// A batch, where it stands.
  private record Place(Path segment, int offset, Batch.Header header) {}

  private List<Path> segments() throws IOException {
    try (Stream<Path> files = Files.list(copy.resolve("journal"))) {
      return files
          .filter(file -> SegmentHeader.ordinal(file.getFileName().toString()) > 0)
          .sorted()
          .toList();
    }
  }

  private List<Place> batches() throws IOException {
    List<Place> found = new ArrayList<>();
    for (Path segment : segments()) {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(segment));
      int at = SegmentHeader.SIZE;
      while (at + Batch.HEADER <= bytes.capacity()) {
        Optional<Batch.Header> header = Batch.header(bytes, at);
        if (header.isEmpty()) {
          break;
        }
        found.add(new Place(segment, at, header.get()));
        at += header.get().size();
      }
    }
    return found;
  }

  private static void flip(Path file, int offset) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 1;
    Files.write(file, bytes);
  }

  private Verification verify() {
    return AuditVerifier.verify(LogSource.folder(copy), key);
  }

  private static void tellsOfHarm(Verification result, String... words) {
    assertThat(result.verdict()).isEqualTo(Verdict.TAMPERED);
    assertThat(result.problems())
        .extracting(Problem::what)
        .anySatisfy(text -> assertThat(text).contains(words));
  }

  @Test
  void theUntouchedCopyIsFine() throws Exception {
    Verification result = verify();
    assertThat(result.problems()).isEmpty();
    assertThat(result.tail()).isGreaterThanOrEqualTo(RECORDS);
    assertThat(segments()).hasSizeGreaterThan(3);
  }

  @Test
  void aDamagedBatchThatWasOnDiskIsTold() throws Exception {
    List<Place> batches = batches();
    for (int back : List.of(batches.size() - 10, 3, batches.size() / 2)) {
      Place place = batches.get(back);
      flip(place.segment(), place.offset() + Batch.HEADER + 40);
      tellsOfHarm(verify(), "batch " + place.header().number(), "acknowledged records");
      flip(place.segment(), place.offset() + Batch.HEADER + 40);
      flip(place.segment(), place.offset() + 9);
      tellsOfHarm(verify(), "batch " + place.header().number(), "acknowledged records");
      flip(place.segment(), place.offset() + 9);
    }
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void theLastBatchMayBeTorn() throws Exception {
    Place last = batches().getLast();
    flip(last.segment(), last.offset() + Batch.HEADER + 40);
    assertThat(verify().problems()).isEmpty();
  }

  @Test
  void aMissingSegmentIsTold() throws Exception {
    Files.delete(segments().get(1));
    tellsOfHarm(
        verify(), segments().getFirst().getFileName().toString().substring(0, 10), "missing");
  }

  @Test
  void aDamagedOrForeignHeaderIsTold() throws Exception {
    Path used = batches().getLast().segment();
    flip(used, 3);
    tellsOfHarm(verify(), used.getFileName().toString(), "OUTRJRN1");
    flip(used, 3);
    Files.copy(used, segments().getLast(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    tellsOfHarm(verify(), "its header is that of segment");
  }
}
