package io.outrider.audit;

import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Redaction;
import io.outrider.audit.record.Refusal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Records as a busy day brings them.
public final class Samples {
  private Samples() {}

  public static final Instant NOON = Instant.parse("2026-11-20T12:00:00.123456789Z");
  public static final String DIGEST =
      "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

  public static CallFacts call(String callId) {
    return new CallFacts(
        callId,
        NOON,
        new Principal("alice@example.com", "user", "jwt:https://login.example.com"),
        new Client("claude-desktop", "1.4.2"),
        new Source(
            "http",
            "10.1.2.3:51234",
            null,
            "s-77",
            "17",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        new Target("legacy", "2025-06-18", "files", "tools/call", "read_file", "sha256:" + DIGEST),
        new Payload(
            312,
            DIGEST,
            "{\"path\":\"/srv/data/report.txt\",\"token\":\"[redacted:github-pat]\"}"));
  }

  public static Decision allowed() {
    return new Decision(
        Decision.Verdict.ALLOW,
        List.of(new Rule("data.outrider.allow", "policies/files.rego", 12)),
        "sha256:" + DIGEST,
        "sha256:" + DIGEST,
        List.of("tool is deprecated"),
        List.of("redact"),
        Map.of("team", "platform"),
        List.of(new Redaction("github-pat", "/params/arguments/token", 1, 40, "1f2e3d4c5b6a7988")),
        18_000,
        0);
  }

  public static Intent intent(String callId) {
    return new Intent(call(callId), allowed());
  }

  public static Outcome outcome(String callId) {
    return new Outcome(
        callId,
        NOON.plusMillis(12),
        OptionalLong.empty(),
        "completed",
        11_000_000,
        12_000_000,
        false,
        OptionalInt.empty(),
        new Payload(2_048, DIGEST, null),
        List.of(),
        null);
  }

  public static Refusal refusal(String callId) {
    return new Refusal(
        call(callId),
        "refused.denied",
        List.of("writing outside /srv/data"),
        new Decision(
            Decision.Verdict.DENY,
            List.of(new Rule("data.outrider.deny", "policies/files.rego", 20)),
            "sha256:" + DIGEST,
            "sha256:" + DIGEST,
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            21_000,
            0));
  }
}
