package io.outrider.e2e;

import io.outrider.audit.AppendListener;
import io.outrider.audit.AuditLog;
import io.outrider.audit.AuditOptions;
import io.outrider.audit.AuditUnavailable;
import io.outrider.audit.Receipt;
import io.outrider.audit.format.PolicyContent;
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
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
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

/// A log as a week of a team's agents leaves it, written through the writer itself, always the same
/// but for times, salts and the key. One caller and one tool have names that mean harm.
final class ManyCalls {
  /// What a server may call a tool to fool whoever reads of it.
  static final String HOSTILE = "<img src=x onerror=document.title='owned'>\u202egpj.exe\u001b[2J";

  /// The call that every log has, near its end.
  static final String DENIED = "0a11ce00-dead-4bad-8bad-00000000d00d";

  static final String POLICY =
      """
      # Who may do what with the team's servers.
      package outrider

      import rego.v1

      default allow := false

      allow if {
        input.mcp.method == "tools/call"
        not startswith(input.mcp.name, "admin.")
      }

      deny contains {"code": "no_deletes", "msg": "agents may not delete repositories"} if {
        input.mcp.name == "github.delete_repo"
        not "maintainer" in input.principal.roles
      }
      """;

  private static final int IN_FLIGHT = 4_096;
  private static final List<String> PEOPLE =
      List.of("amira", "bo", "chen", "dana", "emeka", "fatima", "goran", "hana", "ines", "jun");
  private static final List<String> TOOLS =
      List.of(
          "github.list_issues",
          "github.get_file",
          "files.read_text",
          "tickets.search",
          "github.create_pr",
          "files.write_text",
          "mail.send",
          "github.delete_repo");

  private final Random random;
  private final byte[] policy;
  private final String digest;
  private final Deque<Open> open = new ArrayDeque<>();
  private Instant time;
  private final Duration step;
  private volatile @Nullable String failure;

  private record Open(String callId, Instant began) {}

  private ManyCalls(int calls) {
    random = new Random(5);
    step = Duration.ofDays(6).dividedBy(calls);
    // The writer's own records, of starts and beats, have the clock's time; the calls end there.
    time = Instant.now().minus(step.multipliedBy(calls));
    policy = content();
    digest = PolicyContent.digest(policy);
  }

  /// Writes a log with about `records` records to `folder`.
  static void write(Path folder, int records) throws Exception {
    new ManyCalls(Math.max(records * 10 / 18, 8)).run(folder, records);
  }

  private static byte[] content() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (String part : List.of("module", "team.rego", POLICY)) {
        byte[] text = part.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private void run(Path folder, int records) throws Exception {
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
    try (AuditLog log =
        AuditLog.recover(AuditOptions.in(folder))
            .start(Map.of("config_digest", "sha256:" + "c".repeat(64)), policy)) {
      int written = 0;
      while (written < records - 1) {
        written += step(log, room, listener);
        while (open.size() > 12 || (!open.isEmpty() && random.nextInt(3) == 0)) {
          give(log, room, listener, outcome(open.remove()));
          written++;
        }
      }
      while (!open.isEmpty()) {
        give(log, room, listener, outcome(open.remove()));
      }
      give(log, room, listener, denied(DENIED, "dana@example.com", "github.delete_repo"));
      give(log, room, listener, hostile());
      room.acquire(IN_FLIGHT);
      if (failure != null) {
        throw new IllegalStateException(failure);
      }
    }
  }

  private int step(AuditLog log, Semaphore room, AppendListener listener)
      throws InterruptedException {
    time = time.plusNanos((long) (step.toNanos() * pace()));
    String callId = new UUID(random.nextLong(), random.nextLong()).toString();
    int kind = random.nextInt(1000);
    if (kind < 4) {
      give(log, room, listener, event());
    } else if (kind < 60) {
      give(log, room, listener, denied(callId, person(), "github.delete_repo"));
    } else if (kind < 75) {
      give(
          log,
          room,
          listener,
          new Refusal(
              facts(callId, person(), tool()),
              "refused.over_limit",
              List.of("8 calls of this principal are running (limits.concurrency.per_principal)"),
              Decision.NONE));
    } else {
      Verdict verdict = kind < 90 ? Verdict.SHADOW_DENY : Verdict.ALLOW;
      give(log, room, listener, new Intent(facts(callId, person(), tool()), decision(verdict)));
      open.add(new Open(callId, time));
    }
    return 1;
  }

  /// Days are busy, nights are not.
  private double pace() {
    double hour = (time.getEpochSecond() % 86_400) / 3_600.0;
    double busy = 0.25 + Math.exp(-Math.pow((hour - 14) / 4.5, 2) / 2) * 1.6;
    return -Math.log(1 - random.nextDouble()) / busy * 0.97;
  }

  private void give(AuditLog log, Semaphore room, AppendListener listener, AuditRecord record)
      throws InterruptedException {
    room.acquire();
    log.append(record, Runnable::run, listener);
  }

  private String person() {
    return PEOPLE.get((int) Math.min(9, Math.abs(random.nextGaussian() * 4))) + "@example.com";
  }

  private String tool() {
    return TOOLS.get((int) Math.min(6, Math.abs(random.nextGaussian() * 2.6)));
  }

  private CallFacts facts(String callId, String user, String tool) {
    int number = user.charAt(0) - 'a';
    return new CallFacts(
        callId,
        time,
        new Principal(user, "user", number % 3 == 0 ? "api_key" : "jwt"),
        new Client(number % 2 == 0 ? "claude-desktop" : "cursor", "1." + number),
        new Source(
            "http",
            "10.20.0." + (10 + number) + ":5" + random.nextInt(1000),
            null,
            "s-" + number,
            "" + random.nextInt(90),
            null),
        new Target(
            "modern",
            "2025-11-25",
            tool.substring(0, Math.max(1, tool.indexOf('.'))).replace("<", "files"),
            "tools/call",
            tool,
            null),
        new Payload(
            200 + random.nextInt(900),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "{\"name\":\""
                + (tool.startsWith("<") ? "?" : tool)
                + "\",\"arguments\":{\"repo\":\"team/site\"}}"));
  }

  private Decision decision(Verdict verdict) {
    boolean deny = verdict != Verdict.ALLOW;
    return new Decision(
        verdict,
        List.of(
            deny
                ? new Rule("data.outrider.deny", "team.rego", 13)
                : new Rule("data.outrider.allow", "team.rego", 8)),
        digest,
        "sha256:" + "c".repeat(64),
        List.of(),
        List.of(),
        Map.of(),
        random.nextInt(40) == 0
            ? List.of(new Redaction("github-pat", "/params/arguments/token", 1, 40, "1f2e"))
            : List.of(),
        12_000 + random.nextInt(20_000),
        random.nextInt(25) == 0 ? 3_000_000 : 0);
  }

  private Refusal denied(String callId, String user, String tool) {
    return new Refusal(
        facts(callId, user, tool),
        "refused.denied",
        List.of("agents may not delete repositories"),
        decision(Verdict.DENY));
  }

  private Refusal hostile() {
    return new Refusal(
        facts(new UUID(1, 2).toString(), "mallory\u202e\u2066@example.com", HOSTILE),
        "refused.denied",
        List.of("<script>alert(1)</script> \u001b[31m"),
        decision(Verdict.DENY));
  }

  private Outcome outcome(Open call) {
    int kind = random.nextInt(60);
    long nanos = (long) Math.exp(16.5 + random.nextGaussian());
    return new Outcome(
        call.callId(),
        call.began().plusNanos(nanos),
        OptionalLong.empty(),
        kind == 0
            ? "failed.upstream.timeout"
            : kind == 1 ? "failed.upstream.unreachable" : "completed",
        nanos * 9 / 10,
        nanos,
        kind == 2,
        kind == 0 ? OptionalInt.of(-32001) : OptionalInt.empty(),
        new Payload(
            random.nextInt(60_000),
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "{\"content\":[{\"type\":\"text\",\"text\":\"done\"}]}"),
        kind == 3
            ? List.of(new Redaction("email", "/result/content/0/text", 2, 44, ""))
            : List.of(),
        kind == 1 ? "connection refused" : null);
  }

  private Event event() {
    return switch (random.nextInt(3)) {
      case 0 ->
          new Event(
              Event.Kind.AUTH_FAILURE,
              time,
              Map.of("why", "a key that is not in identity.api_keys", "from", "10.20.0.99"));
      case 1 ->
          new Event(Event.Kind.SESSION_CLOSE, time, Map.of("session", "s-" + random.nextInt(10)));
      default ->
          new Event(Event.Kind.SESSION_OPEN, time, Map.of("session", "s-" + random.nextInt(10)));
    };
  }
}
