package io.outrider.audit.anchor;

import io.outrider.audit.format.Checkpoint;
import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.proof.Proofs;
import io.outrider.audit.verify.LogSource;
import io.outrider.audit.verify.PublishedLog;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Brings a log's checkpoint to its witnesses, one round at a time. Reads nothing but the public
/// files. Not thread-safe; the witnesses of a round are asked at the same time.
public final class Anchoring implements AutoCloseable {
  /// The file with the newest cosigned checkpoint.
  public static final String COSIGNED = "anchors/cosigned";

  /// A witness says once what it knows; one that changes its mind is asked again next round.
  private static final int TRIES = 2;

  private final TlogPolicy policy;
  private final LogSource source;
  private final PublishedLog published;
  private final WitnessClient client;
  private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, WitnessReport> reports = new HashMap<>();
  private boolean restored;

  /// What a round brought.
  ///
  /// @param checkpoint that was brought to the witnesses
  /// @param cosigned the checkpoint with all signatures that were got; empty if there were none
  /// @param quorum whether they are enough
  /// @param reports of all witnesses, in the order of the policy
  public record Round(
      Checkpoint checkpoint,
      Optional<SignedNote> cosigned,
      boolean quorum,
      List<WitnessReport> reports) {
    public Round {
      reports = List.copyOf(reports);
    }
  }

  /// @param policy the witnesses, each with its address, and how many are enough
  public Anchoring(TlogPolicy policy, LogSource source) {
    this(policy, source, new WitnessClient());
  }

  Anchoring(TlogPolicy policy, LogSource source, WitnessClient client) {
    this.policy = policy;
    this.source = source;
    this.published = new PublishedLog(source);
    this.client = client;
    for (TlogPolicy.Witness witness : policy.witnesses()) {
      if (witness.url().isEmpty()) {
        throw new IllegalArgumentException(
            "witness " + witness.name() + ": no address (expected: where checkpoints are sent)");
      }
    }
  }

  /// How it stands with each witness.
  public List<WitnessReport> reports() {
    List<WitnessReport> all = new ArrayList<>();
    for (TlogPolicy.Witness witness : policy.witnesses()) {
      all.add(report(witness));
    }
    return all;
  }

  private WitnessReport report(TlogPolicy.Witness witness) {
    return reports.getOrDefault(witness.name(), WitnessReport.unknown(witness.name()));
  }

  /// Asks all witnesses for the log's present checkpoint, also if they cosigned it before: their
  /// word is as recent as it was given.
  ///
  /// @return empty if nothing was published yet
  public Optional<Round> run() throws IOException, FormatException {
    restore();
    Optional<PublishedLog.Signed> signed = published.checkpoint();
    if (signed.isEmpty()) {
      return Optional.empty();
    }
    Checkpoint checkpoint = signed.get().checkpoint();
    SignedNote note = own(SignedNote.parse(signed.get().note()), checkpoint.origin());
    Map<TlogPolicy.Witness, Future<Asked>> asked = new HashMap<>();
    for (TlogPolicy.Witness witness : policy.witnesses()) {
      WitnessReport before = report(witness);
      asked.put(witness, callers.submit(() -> ask(witness, before, note, checkpoint)));
    }
    SignedNote merged = note;
    Set<String> cosigners = new HashSet<>();
    for (TlogPolicy.Witness witness : policy.witnesses()) {
      Asked answer = result(witness, asked.get(witness));
      reports.put(witness.name(), answer.report());
      if (!answer.signatures().isEmpty()) {
        merged = merged.with(answer.signatures());
        cosigners.add(witness.name());
      }
    }
    return Optional.of(
        new Round(
            checkpoint,
            cosigners.isEmpty() ? Optional.empty() : Optional.of(merged),
            policy.quorum().met(cosigners),
            reports()));
  }

  /// What a witness cosigned last tells from where it wants proof, and when that was.
  private void restore() throws IOException, FormatException {
    if (restored) {
      return;
    }
    Optional<byte[]> before = source.read(COSIGNED);
    if (before.isPresent()) {
      SignedNote note = SignedNote.parse(before.get());
      long size = Checkpoint.parse(note.text()).size();
      for (TlogPolicy.Witness witness : policy.witnesses()) {
        Optional<Instant> time = witness.key().cosigned(note);
        if (time.isPresent()) {
          reports.put(
              witness.name(),
              new WitnessReport(witness.name(), time, size, "not asked yet", false));
        }
      }
    }
    restored = true;
  }

  /// The log's signatures alone.
  private static SignedNote own(SignedNote note, String origin) {
    return new SignedNote(
        note.text(), note.signatures().stream().filter(s -> s.name().equals(origin)).toList());
  }

  private record Asked(WitnessReport report, List<SignedNote.Signature> signatures) {}

  private Asked result(TlogPolicy.Witness witness, @Nullable Future<Asked> asked) {
    try {
      if (asked == null) {
        throw new IllegalStateException("witness " + witness.name() + " was not asked");
      }
      return asked.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return new Asked(report(witness).failed(cause.toString()), List.of());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Asked(report(witness).failed("not waited for"), List.of());
    }
  }

  private Asked ask(
      TlogPolicy.Witness witness, WitnessReport before, SignedNote note, Checkpoint checkpoint)
      throws IOException {
    URI address = URI.create(witness.url().orElseThrow());
    long size = checkpoint.size();
    long old = before.size();
    for (int i = 0; i < TRIES; i++) {
      if (old > size) {
        return new Asked(
            before.contradicted(
                "has seen "
                    + old
                    + " records of this log (expected: at most "
                    + size
                    + "); the log was cut or put back to an older state"),
            List.of());
      }
      List<byte[]> proof =
          old == 0 || old == size
              ? List.of()
              : new Proofs().consistency(old, size, published::tile);
      switch (client.add(address, old, proof, note)) {
        case WitnessClient.Answer.Signatures(List<SignedNote.Signature> lines) -> {
          return cosigned(witness, before, note, size, lines);
        }
        case WitnessClient.Answer.Failed(String why) -> {
          return new Asked(
              why.contains("422") ? before.contradicted(why) : before.failed(why), List.of());
        }
        case WitnessClient.Answer.KnowsSize(long known) -> {
          if (known == old) {
            return new Asked(
                known == size
                    ? before.contradicted(
                        "has seen another tree of " + size + " records under this log's name")
                    : before.failed("answered 409 for the size it names itself, " + known),
                List.of());
          }
          old = known;
        }
      }
    }
    return new Asked(before.failed("names another size each time; last " + old), List.of());
  }

  private static Asked cosigned(
      TlogPolicy.Witness witness,
      WitnessReport before,
      SignedNote note,
      long size,
      List<SignedNote.Signature> lines) {
    List<SignedNote.Signature> own =
        lines.stream()
            .filter(line ->
                line.keyId() == witness.key().id() && line.name().equals(witness.key().name()))
            .toList();
    try {
      Optional<Instant> time = witness.key().cosigned(new SignedNote(note.text(), own));
      if (time.isPresent()) {
        return new Asked(new WitnessReport(witness.name(), time, size, "", false), own);
      }
    } catch (FormatException e) {
      throw new IllegalStateException("the note was a checkpoint a moment ago", e);
    }
    return new Asked(
        before.failed(
            "answered without a valid cosignature of "
                + witness.key().name()
                + "+"
                + witness.key().idHex()),
        List.of());
  }

  @Override
  public void close() {
    callers.shutdownNow();
    client.close();
  }
}
