package io.outrider.app.cli;

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
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A small log: genesis and start (0, 1), a call of ann that is allowed (2, 3), one of mallory that
/// is denied and whose tool name means harm (4), a failed authentication (5), stop (6).
final class SampleLog {
  static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");
  static final String ALLOWED = "0190b2e0-7c3a-7000-8000-00000000000a";
  static final String DENIED = "0190b2e0-7c3a-7000-8000-00000000000d";
  static final String HOSTILE = "=cmd()\u001b[2J\u202e\n" + "x".repeat(60_000);

  private SampleLog() {}

  static void write(Path folder) throws Exception {
    write(folder, "sha256:" + "ab".repeat(32));
  }

  static void write(Path folder, String policy) throws Exception {
    try (AuditLog log = AuditLog.open(AuditOptions.in(folder))) {
      append(
          log,
          new Intent(facts(ALLOWED, "ann", "list_issues"), decision(Verdict.ALLOW, policy, 12)));
      append(
          log,
          new Outcome(
              ALLOWED,
              NOON.plusMillis(12),
              OptionalLong.empty(),
              "completed",
              11_000_000,
              12_000_000,
              false,
              OptionalInt.empty(),
              Payload.of(2_048, "ab".repeat(32)),
              List.of(new Redaction("email", "/result/content/0/text", 1, 17, "")),
              null));
      append(
          log,
          new Refusal(
              facts(DENIED, "mallory", HOSTILE),
              "refused.denied",
              List.of("no_cmd", "not on a work day"),
              decision(Verdict.DENY, policy, 7)));
      append(
          log,
          new Event(Event.Kind.AUTH_FAILURE, NOON, Map.of("why", "expired", "from", "10.9.9.9")));
    }
  }

  /// A call that never ends.
  static void openCall(AuditLog log) throws Exception {
    append(
        log,
        new Intent(
            facts("0190b2e0-7c3a-7000-8000-00000000000f", "ann", "list_issues"),
            decision(Verdict.ALLOW, "sha256:" + "ab".repeat(32), 12)));
  }

  private static CallFacts facts(String callId, String user, String tool) {
    return new CallFacts(
        callId,
        NOON,
        new Principal(user, "user", "api_key"),
        new Client("claude-desktop", "1.4"),
        new Source(
            "http",
            "127.0.0.1:5000",
            null,
            "s-1",
            "1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        new Target("legacy", "2025-06-18", "tickets", "tools/call", tool, null),
        Payload.of(312, "ab".repeat(32)));
  }

  private static Decision decision(Verdict verdict, String policy, int row) {
    return new Decision(
        verdict,
        List.of(new Rule("data.outrider." + verdict.slug(), "main.rego", row)),
        policy,
        null,
        List.of(),
        List.of(),
        Map.of(),
        List.of(),
        18_000,
        2_000_000);
  }

  private static void append(AuditLog log, AuditRecord record) throws Exception {
    CompletableFuture<Receipt> written = new CompletableFuture<>();
    log.append(
        record,
        Runnable::run,
        new AppendListener() {
          @Override
          public void durable(Receipt receipt) {
            written.complete(receipt);
          }

          @Override
          public void failed(AuditUnavailable reason) {
            written.completeExceptionally(new IllegalStateException(reason.detail()));
          }
        });
    written.get(10, TimeUnit.SECONDS);
  }
}
