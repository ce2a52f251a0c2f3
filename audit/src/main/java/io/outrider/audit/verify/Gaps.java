package io.outrider.audit.verify;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.Leaf;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Goes through a log and names what is missing in its story, and what a reviewer should know about
/// when it was silent.
///
/// Looks at the records alone; whether they are those that were signed is for [AuditVerifier].
public final class Gaps {
  /// More are counted, not kept.
  private static final int MAX_KEPT = 10_000;

  /// Of the hashes of call ids: who writes a log must not foresee them.
  private static final long SEED = new SecureRandom().nextLong();

  private final Duration silence;
  private final Problems problems = new Problems(true);
  private final Completeness story = new Completeness(problems);
  private final List<Gap> notes = new ArrayList<>();
  private @Nullable Instant lastTime;
  private long first;
  private long lastIndex = -1;
  private boolean ended = true;

  /// One place in the log.
  ///
  /// @param missing whether something should be there and is not; if not, it is worth a look
  /// @param index the record it is about; -1 if it is about none
  /// @param time of that record, as it says itself
  public record Gap(boolean missing, long index, @Nullable Instant time, String what) {}

  /// What was found.
  ///
  /// @param first the first record that is there
  /// @param records where the log ends
  /// @param inFlight calls that are still open, which is no gap while the log is in use
  /// @param count all, also those that are not in the list
  public record Report(long first, long records, long inFlight, List<Gap> gaps, long count) {
    public Report {
      gaps = List.copyOf(gaps);
    }

    public boolean isComplete() {
      return gaps.stream().noneMatch(Gap::missing);
    }
  }

  private Gaps(Duration silence) {
    this.silence = silence;
  }

  /// Reads the whole log.
  ///
  /// @param silence a longer time without any record within a run is named
  /// @param progress told now and then how many records were read
  public static Report find(LogSource source, Duration silence, LongConsumer progress)
      throws IOException, FormatException {
    Gaps gaps = new Gaps(silence);
    AuditTail tail = new AuditTail(source, 0);
    for (List<LogEntry> entries = tail.poll(); !entries.isEmpty(); entries = tail.poll()) {
      for (LogEntry entry : entries) {
        gaps.follow(entry);
      }
      progress.accept(tail.position());
    }
    return gaps.report(source, tail.position());
  }

  private void follow(LogEntry entry) throws FormatException {
    Leaf leaf = entry.leaf();
    if (lastIndex < 0 && entry.index() > 0) {
      first = entry.index();
      note(
          false,
          first,
          null,
          "the log begins here; those before are not there, and verify says whether they were pruned");
      story.gap(entry.index());
    }
    LeafScan scan = LeafScan.of(leaf);
    LeafFacts facts = new LeafFacts(1, SEED);
    facts.add(scan);
    story.follow(facts, 0, entry.index());
    Instant time = time(leaf);
    if (!ended && lastTime != null && time != null && !scan.isEvent("recovery")) {
      Duration quiet = Duration.between(lastTime, time);
      if (quiet.compareTo(silence) > 0) {
        note(false, entry.index(), time, "nothing was recorded for " + words(quiet) + " before");
      }
    }
    ended = scan.isEvent("stop");
    if (leaf.text("out").orElse("").equals("indeterminate")) {
      note(
          false,
          entry.index(),
          time,
          "nobody knows how call " + leaf.text("call").orElse("-") + " ended");
    }
    if (leaf.kind().equals("event")) {
      event(entry.index(), leaf, time);
    }
    lastTime = time;
    lastIndex = entry.index();
  }

  private void event(long index, Leaf leaf, @Nullable Instant time) {
    Map<?, ?> facts = leaf.fields().get("f") instanceof Map<?, ?> map ? map : Map.of();
    switch (leaf.text("ev").orElse("")) {
      case "recovery" ->
          note(
              false,
              index,
              time,
              "the run before ended without a stop; open calls: "
                  + facts.get("open_calls")
                  + ", bytes set aside: "
                  + facts.get("truncated_bytes"));
      case "clock" ->
          note(false, index, time, "the clock jumped by " + nanos(facts.get("jump_ns")));
      case "gap" ->
          note(
              true,
              index,
              time,
              facts.get("refused") + " records could not be written; their calls were refused");
      default -> {}
    }
  }

  private void note(boolean missing, long index, @Nullable Instant time, String what) {
    if (notes.size() < MAX_KEPT) {
      notes.add(new Gap(missing, index, time, what));
    }
  }

  private Report report(LogSource source, long records) throws IOException, FormatException {
    long inFlight = story.end().inFlight();
    List<Gap> all = new ArrayList<>(notes);
    for (Problem problem : problems.list()) {
      all.add(new Gap(true, problem.index(), timeOf(source, problem.index()), problem.what()));
    }
    all.sort((a, b) -> Long.compare(a.index(), b.index()));
    return new Report(
        first, records, inFlight, all, all.size() + problems.count() - problems.list().size());
  }

  private static @Nullable Instant timeOf(LogSource source, long index)
      throws IOException, FormatException {
    if (index < 0) {
      return null;
    }
    List<LogEntry> found = new AuditTail(source, index).poll();
    return found.isEmpty() || found.getFirst().index() != index
        ? null
        : time(found.getFirst().leaf());
  }

  private static @Nullable Instant time(Leaf leaf) {
    try {
      return leaf.text("t").map(Instant::parse).orElse(null);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static String nanos(@Nullable Object text) {
    try {
      return words(Duration.ofNanos(Long.parseLong(String.valueOf(text))));
    } catch (NumberFormatException e) {
      return text + " ns";
    }
  }

  private static String words(Duration duration) {
    Duration rounded =
        duration.abs().compareTo(Duration.ofMinutes(1)) > 0
            ? Duration.ofSeconds(duration.toSeconds())
            : Duration.ofMillis(duration.toMillis());
    return rounded.toString().substring(2).toLowerCase(Locale.ROOT);
  }
}
