package io.outrider.review;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.record.AuditRecord;
import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Decision.Verdict;
import io.outrider.audit.record.Event;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Redaction;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// A log as a team of agents would write it, always the same for the same seed: calls that overlap,
/// refusals, failures, events, and names that mean harm.
public final class GeneratedLog {
  public static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

  /// What clients and servers may call themselves to fool a reviewer.
  public static final String HOSTILE = "evil\u202e\n\u001b[2Jtool\u0000";

  private static final int IN_FLIGHT = 2_048;
  private static final String DIGEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  private final Random random;
  private final Deque<Open> open = new ArrayDeque<>();
  private Instant time = START;
  private volatile @Nullable String failure;

  private record Open(String callId, Instant began, String tool) {}

  public GeneratedLog(long seed) {
    random = new Random(seed);
  }

  /// Appends about `calls` calls to the log in `folder`, and closes it.
  public void append(Path folder, int calls) throws Exception {
    Semaphore room = new Semaphore(IN_FLIGHT);
    AppendListener listener =
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            room.release();
          }

          @Override
          public void failed(AuditUnavailable reason) {
            failure = reason.detail();
            room.release();
          }
        };
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder))) {
      for (int i = 0; i < calls; i++) {
        step(log, room, listener);
      }
      while (!open.isEmpty()) {
        give(log, room, listener, outcome(open.poll()));
      }
      room.acquire(IN_FLIGHT);
    }
  }

  private void step(AuditLog log, Semaphore room, AppendListener listener)
      throws InterruptedException {
    time = time.plusMillis(random.nextInt(2_000));
    String callId = new UUID(random.nextLong(), random.nextLong()).toString();
    int kind = random.nextInt(100);
    if (kind < 3) {
      give(log, room, listener, event());
    } else if (kind < 25) {
      give(log, room, listener, refusal(callId));
    } else {
      Intent intent = intent(callId);
      give(log, room, listener, intent);
      open.add(new Open(callId, time, String.valueOf(intent.call().target().name())));
    }
    while (open.size() > 8 || (!open.isEmpty() && random.nextInt(3) == 0)) {
      give(log, room, listener, outcome(open.poll()));
    }
  }

  private void give(AuditLog log, Semaphore room, AppendListener listener, AuditRecord record)
      throws InterruptedException {
    room.acquire();
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    log.append(record, Runnable::run, listener);
  }

  private CallFacts facts(String callId) {
    int user = (int) Math.abs(random.nextGaussian() * 12);
    int tool = (int) Math.abs(random.nextGaussian() * 15);
    String name =
        switch (tool) {
          case 0, 1 -> "github.list_issues";
          case 2 -> "github.delete_repo";
          case 40 -> HOSTILE;
          case 41 -> "x".repeat(60_000);
          default -> "tool_" + tool;
        };
    return new CallFacts(
        callId,
        time,
        new Principal("user" + user + "@example.com", "user", user % 2 == 0 ? "jwt" : "api_key"),
        new Client(user % 3 == 0 ? "claude-desktop" : "cursor", "1." + user),
        new Source(
            "http", "10.0.0." + user + ":5" + random.nextInt(1000), null, "s-" + user, "1", null),
        new Target(
            "legacy", "2025-06-18", tool % 2 == 0 ? "files" : "tickets", "tools/call", name, null),
        Payload.of(100 + random.nextInt(1000), DIGEST));
  }

  private Decision decision(Verdict verdict) {
    return new Decision(
        verdict,
        List.of(
            new Rule("data.outrider." + verdict.slug(), "main.rego", 10 + random.nextInt(5)),
            new Rule("data.team.extra", "team.rego", 3)),
        "sha256:" + DIGEST.substring(random.nextInt(2)),
        "sha256:" + DIGEST,
        random.nextInt(10) == 0 ? List.of("tool is deprecated") : List.of(),
        List.of(),
        random.nextInt(4) == 0 ? Map.of("team", "platform") : Map.of(),
        random.nextInt(8) == 0
            ? List.of(new Redaction("github-pat", "/params/token", 2, 40, "1f2e"))
            : List.of(),
        18_000,
        random.nextInt(20) == 0 ? 5_000_000 : 0);
  }

  private Intent intent(String callId) {
    return new Intent(
        facts(callId), decision(random.nextInt(30) == 0 ? Verdict.SHADOW_DENY : Verdict.ALLOW));
  }

  private Refusal refusal(String callId) {
    boolean denied = random.nextInt(3) > 0;
    return new Refusal(
        facts(callId),
        denied ? "refused.denied" : "refused.over_limit",
        denied
            ? List.of("no_writes", "writing is not allowed to user" + random.nextInt(3))
            : List.of(),
        denied ? decision(Verdict.DENY) : Decision.NONE);
  }

  private Outcome outcome(Open call) {
    int kind = random.nextInt(20);
    long nanos = (long) Math.exp(14 + random.nextGaussian() * 2);
    return new Outcome(
        call.callId(),
        call.began().plusNanos(nanos),
        OptionalLong.empty(),
        kind == 0 ? "failed.upstream.timeout" : kind == 1 ? "failed.internal" : "completed",
        nanos / 2,
        nanos,
        kind == 2,
        kind == 0 ? OptionalInt.of(504) : OptionalInt.empty(),
        Payload.of(random.nextInt(100_000), DIGEST),
        kind == 3 ? List.of(new Redaction("email", "/result", 1, 20, "")) : List.of(),
        kind == 1 ? "something broke in " + call.tool().length() : null);
  }

  private Event event() {
    return random.nextBoolean()
        ? new Event(
            Event.Kind.AUTH_FAILURE, time, Map.of("why", "expired token", "from", "10.9.9.9"))
        : new Event(Event.Kind.SESSION_OPEN, time, Map.of("session", "s-" + random.nextInt(30)));
  }
}
