package io.outrider.audit.drill;

import io.outrider.audit.format.SignerKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What the owner of the key can do: sign whatever tree he likes. A checkpoint kept elsewhere tells
/// on him, or the story that the records tell.
final class Insider {
  private static final String ONE = "a record";

  private Insider() {}

  static List<Tampering> all() {
    return List.of(
        insider("fork-signed", ONE, Insider::fork),
        insider("rolled-back", "two records", Insider::rolledBack),
        insider("record-removed-signed", "two records", Insider::removed),
        insider(
            "outcome-dropped", "an outcome before a heartbeat or stop", Insider::outcomeDropped),
        insider("refusal-dropped", "a refusal before a heartbeat or stop", Insider::refusalDropped),
        insider("clock-set-back", "two records of one run", Insider::clockSetBack));
  }

  private static Tampering insider(String name, String needs, Tampering.Act act) {
    return new Tampering(name, true, needs, act);
  }

  private static SignerKey key(Specimen log) {
    SignerKey key = log.signer();
    if (key == null) {
      throw new IllegalStateException("an insider has the key");
    }
    return key;
  }

  private static Optional<Tampered> fork(Specimen log, RandomGenerator random) {
    int index = log.any(random);
    if (index < 0) {
      return Optional.empty();
    }
    Specimen forged = log.signed(key(log), log.replaced(index, Lines.reworded(log.line(index))));
    return Optional.of(
        new Tampered(
            "reword record " + index + ", sign the new tree with the log's key",
            forged.log(),
            log.key(),
            List.of(log.note())));
  }

  private static Optional<Tampered> rolledBack(Specimen log, RandomGenerator random) {
    if (log.size() < 2) {
      return Optional.empty();
    }
    int size = 1 + random.nextInt((int) Math.min(log.size() - 1, Integer.MAX_VALUE));
    return Optional.of(
        new Tampered(
            "put everything back to when there were " + size + " records, signed",
            log.signed(key(log), log.entries().subList(0, size)).log(),
            log.key(),
            List.of(log.note())));
  }

  private static Optional<Tampered> removed(Specimen log, RandomGenerator random) {
    // The last one would leave a sound log that is shorter.
    int index = log.any(random, 0, i -> i < log.size() - 1);
    if (index < 0) {
      return Optional.empty();
    }
    List<Entry> rest = new ArrayList<>(log.entries());
    rest.remove(index);
    return done("remove record " + index + ", sign the rest with the log's key", log, rest);
  }

  private static Optional<Tampered> outcomeDropped(Specimen log, RandomGenerator random) {
    return dropped("outcome", log, random);
  }

  private static Optional<Tampered> refusalDropped(Specimen log, RandomGenerator random) {
    return dropped("refusal", log, random);
  }

  /// Takes a record away so that each record that is left is right by itself. Only what counts them
  /// can tell: a heartbeat or the stop of the run.
  private static Optional<Tampered> dropped(String kind, Specimen log, RandomGenerator random) {
    BitSet counted = counted(log);
    int index =
        log.any(random, 0, i -> counted.get(i) && log.line(i).contains("\"k\":\"" + kind + "\""));
    return index < 0
        ? Optional.empty()
        : done(
            "drop " + kind + " " + index + ", renumber the rest, sign it with the log's key",
            log,
            closedUp(log, index));
  }

  /// Records that a later record of their run counts, in runs whose start was not pruned: without
  /// it nobody knows from where to count.
  private static BitSet counted(Specimen log) {
    BitSet counted = new BitSet();
    String run = "";
    for (int i = log.entries().size() - 1; i >= 0; i--) {
      if (log.isThere(i)) {
        String line = log.line(i);
        if (line.contains("\"ev\":\"stop\"") || line.contains("\"ev\":\"heartbeat\"")) {
          run = boot(line);
        } else if (!run.isEmpty() && boot(line).equals(run)) {
          counted.set(i);
        }
      }
    }
    String begun = "";
    for (int i = 0; i < log.entries().size(); i++) {
      String line = log.isThere(i) ? log.line(i) : "";
      if (line.contains("\"ev\":\"start\"")) {
        begun = boot(line);
      }
      if (begun.isEmpty() || !boot(line).equals(begun)) {
        counted.clear(i);
      }
    }
    return counted;
  }

  /// The records without one, renumbered as far as they can be read.
  private static List<Entry> closedUp(Specimen log, int without) {
    List<Entry> rest = new ArrayList<>(log.entries().subList(0, without));
    for (int i = without + 1; i < log.entries().size(); i++) {
      Entry entry = log.entries().get(i);
      rest.add(
          entry.leaf() == null
              ? entry
              : Entry.of(
                  Lines.movedUp(log.line(i), without).getBytes(StandardCharsets.UTF_8),
                  entry.annex()));
    }
    return rest;
  }

  private static Optional<Tampered> clockSetBack(Specimen log, RandomGenerator random) {
    int index =
        log.any(random, 1, i -> log.isThere(i - 1) && isLater(log.line(i - 1), log.line(i)));
    return index < 0
        ? Optional.empty()
        : done(
            "set the clock of record " + index + " back, sign it with the log's key",
            log,
            log.replaced(index, Lines.setBack(log.line(index))));
  }

  private static boolean isLater(String before, String line) {
    return boot(line).equals(boot(before)) && !before.contains("\"m\":0,");
  }

  private static String boot(String line) {
    int at = line.indexOf("\"boot\":\"");
    return at < 0 ? "" : line.substring(at, Math.min(line.length(), at + 25));
  }

  private static Optional<Tampered> done(String what, Specimen log, List<Entry> records) {
    return Tampered.of(what, log, log.signed(key(log), records).log());
  }
}
