package io.outrider.audit.verify;

import io.outrider.audit.format.Batch;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SegmentHeader;
import io.outrider.audit.format.Sha256;
import io.outrider.audit.format.VerifierKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Whether the journal ends where it may (docs/audit-format.md, section 7): its segments stand
/// without a gap, are this log's, and no batch behind the end says that a missing one had been on
/// disk. Whoever follows sound batches only would take the last one before the damage for the end,
/// and lose acknowledged records without a word; the writer refuses such a journal, too.
///
/// The log may be written while this looks: what seems wrong is looked at twice.
final class JournalEnd {
  /// Bytes searched at a time.
  private static final int PIECE = 1 << 20;

  private final LogSource source;
  private final Problems problems;

  JournalEnd(LogSource source, Problems problems) {
    this.source = source;
    this.problems = problems;
  }

  /// @param journal followed to its end
  void check(JournalView journal, VerifierKey key) throws IOException, FormatException {
    if (!journal.exists()) {
      return;
    }
    missing(journal);
    byte[] id = logId(key);
    for (long ordinal : ordinals()) {
      header(journal, ordinal, id);
      if (ordinal >= journal.ordinal()) {
        long from = ordinal == journal.ordinal() ? journal.offset() : SegmentHeader.SIZE;
        if (behind(journal, ordinal, from)) {
          return;
        }
      }
    }
  }

  /// Names segments that are missing between their neighbours. Emptied ones leave from the front,
  /// so a gap that stays was not made by the writer.
  private void missing(JournalView journal) throws IOException {
    long gap = firstGap(ordinals());
    if (gap >= 0 && firstGap(ordinals()) == gap) {
      problems.add(
          Verdict.TAMPERED,
          journal.end(),
          LogFiles.JOURNAL
              + "/"
              + SegmentHeader.fileName(gap)
              + ": missing between its neighbours (expected: segments without a gap)");
    }
  }

  private static long firstGap(List<Long> ordinals) {
    for (int i = 1; i < ordinals.size(); i++) {
      if (ordinals.get(i) != ordinals.get(i - 1) + 1) {
        return ordinals.get(i - 1) + 1;
      }
    }
    return -1;
  }

  private void header(JournalView journal, long ordinal, byte[] id) throws IOException {
    if (wrongWith(ordinal, id).isPresent()) {
      // A segment that was emptied and made anew meanwhile has another name by now.
      wrongWith(ordinal, id)
          .ifPresent(wrong ->
              problems.add(
                  Verdict.TAMPERED, journal.end(), JournalView.path(ordinal) + ": " + wrong));
    }
  }

  private Optional<String> wrongWith(long ordinal, byte[] id) throws IOException {
    Optional<byte[]> head = source.read(JournalView.path(ordinal), 0, SegmentHeader.SIZE);
    if (head.isEmpty()) {
      return Optional.empty(); // emptied since it was listed
    }
    try {
      SegmentHeader header = SegmentHeader.parse(ByteBuffer.wrap(head.get()));
      if (header.ordinal() != ordinal) {
        return Optional.of("its header is that of segment " + header.ordinal());
      }
      return Arrays.equals(header.logId(), id)
          ? Optional.empty()
          : Optional.of("belongs to a log with another key");
    } catch (FormatException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// Looks behind the last batch for one that was written when the missing one was on disk.
  ///
  /// @return whether there is one; more need not be looked for
  private boolean behind(JournalView journal, long ordinal, long from)
      throws IOException, FormatException {
    String path = JournalView.path(ordinal);
    for (long at = from; ; at += PIECE) {
      // Headers stand at multiples of eight and may cross from one piece into the next.
      byte[] bytes = source.read(path, at, PIECE + Batch.HEADER).orElse(new byte[0]);
      ByteBuffer piece = ByteBuffer.wrap(bytes);
      for (int in = 0; in < PIECE && in + Batch.HEADER <= bytes.length; in += Long.BYTES) {
        Optional<Batch.Header> later = Batch.header(piece, in);
        if (later.isEmpty() || later.get().synced() <= Math.max(journal.lastBatch(), 0)) {
          continue;
        }
        if (!journal.goesOn()) {
          problems.add(
              Verdict.TAMPERED,
              journal.end(),
              path
                  + ": batch "
                  + (journal.lastBatch() + 1)
                  + " is damaged or missing, but batch "
                  + later.get().number()
                  + " behind it says that it had been on disk: acknowledged records from here on"
                  + " were changed or lost");
        }
        return true;
      }
      if (bytes.length < PIECE + Batch.HEADER) {
        return false;
      }
    }
  }

  private List<Long> ordinals() throws IOException {
    return source.list(LogFiles.JOURNAL).stream()
        .map(SegmentHeader::ordinal)
        .filter(ordinal -> ordinal > 0)
        .toList();
  }

  /// The first half of SHA-256 over the text of the key.
  private static byte[] logId(VerifierKey key) {
    byte[] text = key.toString().getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOf(Sha256.of(text), SegmentHeader.LOG_ID_BYTES);
  }
}
