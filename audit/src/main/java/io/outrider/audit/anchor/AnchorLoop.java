package io.outrider.audit.anchor;

import io.outrider.audit.format.FormatException;
import io.outrider.audit.format.SignedNote;
import io.outrider.audit.format.TlogPolicy;
import io.outrider.audit.store.FileOps;
import io.outrider.audit.verify.LogSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the log of this process vouched for, again and again, on a thread of its own. Nothing waits
/// for it: a log that nobody vouches for goes on, and everybody who looks is told.
public final class AnchorLoop implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(AnchorLoop.class);

  /// Rounds that may fail before somebody should look: a witness restarts now and then.
  private static final int PATIENCE = 3;

  private final Anchoring anchoring;
  private final TimeStamping stamping;
  private final Target target;
  private final InstantSource clock;
  private final Duration interval;
  private final AnchorFiles files;
  private final Thread thread;
  private volatile boolean closing;
  private volatile State state;

  /// Where the log is told.
  public interface Target {
    /// A checkpoint was cosigned.
    void cosigned(SignedNote note);

    /// The log became anchored, or is so no longer; worth a record.
    void changed(Map<String, String> facts);
  }

  /// Who is to vouch, and how often.
  ///
  /// @param policy the witnesses with their addresses, and how many are enough
  /// @param stampers time-stamping authorities
  /// @param interval between two rounds
  /// @param stampInterval between two time stamps of one authority
  public record Settings(
      TlogPolicy policy, List<TimeStamper> stampers, Duration interval, Duration stampInterval) {
    public Settings {
      stampers = List.copyOf(stampers);
    }
  }

  /// How it stands.
  ///
  /// @param met when enough witnesses cosigned last, since this process began
  /// @param size records that checkpoint covers
  /// @param failures rounds in which too few cosigned
  /// @param failedInARow those since the last that brought enough
  /// @param reports of each witness
  /// @param stamps of each authority: its name, and what is wrong, if anything is
  public record State(
      Optional<Instant> met,
      long size,
      long failures,
      int failedInARow,
      List<WitnessReport> reports,
      Map<String, String> stamps) {
    public State {
      reports = List.copyOf(reports);
      stamps = Map.copyOf(stamps);
    }

    /// Why a person should look; empty if all is well.
    public List<String> troubles() {
      List<String> troubles = new ArrayList<>();
      for (WitnessReport report : reports) {
        if (report.contradicts()) {
          troubles.add("witness " + report.witness() + ": " + report.trouble());
        }
      }
      if (troubles.isEmpty() && failedInARow >= PATIENCE) {
        troubles.add(
            "not anchored"
                + met.map(at -> " since " + at).orElse(" yet")
                + ": "
                + reports.stream()
                    .filter(report -> !report.trouble().isEmpty())
                    .map(report -> report.witness() + " " + report.trouble())
                    .collect(Collectors.joining("; ")));
      }
      stamps.forEach((name, trouble) -> {
        if (!trouble.isEmpty()) {
          troubles.add("time stamps of " + name + ": " + trouble);
        }
      });
      return troubles;
    }
  }

  private AnchorLoop(
      Settings settings,
      Anchoring anchoring,
      TimeStamping stamping,
      AnchorFiles files,
      Target target,
      InstantSource clock) {
    this.anchoring = anchoring;
    this.stamping = stamping;
    this.files = files;
    this.target = target;
    this.clock = clock;
    this.interval = settings.interval();
    this.state = new State(Optional.empty(), 0, 0, 0, anchoring.reports(), Map.of());
    this.thread =
        Thread.ofPlatform().name("outrider-audit-anchor").daemon(true).unstarted(this::run);
  }

  /// Begins.
  ///
  /// @param directory folder of the log
  public static AnchorLoop start(
      Settings settings, Path directory, Target target, InstantSource clock) {
    LogSource source = LogSource.folder(directory);
    AnchorFiles files = new AnchorFiles(FileOps.real(), directory);
    AnchorLoop loop =
        new AnchorLoop(
            settings,
            new Anchoring(settings.policy(), source),
            new TimeStamping(settings.stampers(), source, files, settings.stampInterval(), clock),
            files,
            target,
            clock);
    loop.thread.start();
    return loop;
  }

  /// How it stands.
  public State state() {
    return state;
  }

  private void run() {
    while (!closing) {
      long next = System.nanoTime() + interval.toNanos();
      round();
      for (long wait = next - System.nanoTime();
          wait > 0 && !closing;
          wait = next - System.nanoTime()) {
        LockSupport.parkNanos(this, wait);
      }
    }
    // The last checkpoint of the run, with its stop, deserves a witness most of all.
    round();
  }

  private void round() {
    try {
      Optional<Anchoring.Round> round = anchoring.run();
      if (round.isPresent()) {
        take(round.get());
      }
      stamping.run();
      state = withStamps(stamping.troubles());
    } catch (IOException | FormatException | RuntimeException e) {
      // Tried again at the next round: nothing of the log depends on it.
      log.atWarn().setCause(e).log("the audit log could not be anchored");
      State now = state;
      state =
          new State(
              now.met(),
              now.size(),
              now.failures() + 1,
              now.failedInARow() + 1,
              now.reports(),
              now.stamps());
    }
  }

  private State withStamps(Map<String, String> stamps) {
    State now = state;
    return new State(
        now.met(), now.size(), now.failures(), now.failedInARow(), now.reports(), stamps);
  }

  private void take(Anchoring.Round round) throws IOException {
    State before = state;
    Instant now = clock.instant();
    if (round.quorum()) {
      state =
          new State(
              Optional.of(now),
              round.checkpoint().size(),
              before.failures(),
              0,
              round.reports(),
              before.stamps());
    } else {
      state =
          new State(
              before.met(),
              before.size(),
              before.failures() + 1,
              before.failedInARow() + 1,
              round.reports(),
              before.stamps());
    }
    // Fewer than enough are better than none, and worse than enough of a while ago.
    if (round.cosigned().isPresent() && (round.quorum() || before.met().isEmpty())) {
      files.cosigned(round.cosigned().get());
      target.cosigned(round.cosigned().get());
    }
    tell(before, round);
  }

  private void tell(State before, Anchoring.Round round) {
    List<WitnessReport> contradicting =
        round.reports().stream().filter(WitnessReport::contradicts).toList();
    boolean told = before.reports().stream().anyMatch(WitnessReport::contradicts);
    if (!contradicting.isEmpty() && !told) {
      WitnessReport first = contradicting.getFirst();
      log.atError()
          .addKeyValue("witness", first.witness())
          .addKeyValue("why", first.trouble())
          .log("a witness contradicts the audit log");
      changed("contradicted", round, Map.of("witness", first.witness(), "why", first.trouble()));
    }
    if (round.quorum() && (before.met().isEmpty() || before.failedInARow() >= PATIENCE)) {
      log.atInfo().addKeyValue("size", round.checkpoint().size()).log("the audit log is anchored");
      changed("anchored", round, Map.of());
    } else if (!round.quorum() && state.failedInARow() == PATIENCE) {
      log.atWarn()
          .addKeyValue("troubles", state.troubles())
          .log("the audit log is not anchored; calls go on");
      changed("not_anchored", round, Map.of("why", String.join("; ", state.troubles())));
    }
  }

  private void changed(String what, Anchoring.Round round, Map<String, String> more) {
    Map<String, String> facts = new TreeMap<>(more);
    facts.put("state", what);
    facts.put("size", Long.toString(round.checkpoint().size()));
    facts.put(
        "by",
        round.reports().stream()
            .filter(report -> report.trouble().isEmpty())
            .map(WitnessReport::witness)
            .collect(Collectors.joining(" ")));
    target.changed(facts);
  }

  /// Ends with a last round, for which it waits a few seconds.
  @Override
  public void close() {
    closing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    anchoring.close();
  }
}
