package io.outrider.benchmarks;

import io.outrider.audit.record.CallFacts;
import io.outrider.audit.record.Client;
import io.outrider.audit.record.Decision;
import io.outrider.audit.record.Intent;
import io.outrider.audit.record.Outcome;
import io.outrider.audit.record.Payload;
import io.outrider.audit.record.Principal;
import io.outrider.audit.record.Rule;
import io.outrider.audit.record.Source;
import io.outrider.audit.record.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The two records of a call through a busy proxy, with everything a record has.
final class AuditRecords {
  private AuditRecords() {}

  static Intent intent(String id) {
    return withText(
        id,
        "{\"jsonrpc\":\"2.0\",\"id\":1000123,\"method\":\"tools/call\",\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"hello\"}}}");
  }

  static Intent withText(String id, String text) {
    return new Intent(
        new CallFacts(
            id,
            Instant.now(),
            new Principal("ada", "user", "api-key:ada"),
            new Client("bench", "1"),
            new Source("http", "127.0.0.1", null, "5f2b8c1d9e3a4b67", "1000123", null),
            new Target("legacy", "2025-11-25", "files", "tools/call", "echo", null),
            new Payload(
                Messages.call().length,
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                text)),
        new Decision(
            Decision.Verdict.ALLOW,
            List.of(new Rule("data.outrider.allow", "policies/starter/starter.rego", 9)),
            "sha256:3fc9b689459d738f8c88a3a48aa9e33542016b7a4052e001aaa536fca74813cb",
            "sha256:0000000000000000000000000000000000000000000000000000000000000000",
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            2_000,
            0));
  }

  static Outcome outcome(String id) {
    return new Outcome(
        id,
        Instant.now(),
        OptionalLong.empty(),
        "completed",
        35_000,
        60_000,
        false,
        OptionalInt.empty(),
        new Payload(
            98,
            "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            "{\"jsonrpc\":\"2.0\",\"id\":1000123,\"result\":{\"content\":[{\"type\":\"text\",\"text\":\"ok\"}],\"isError\":false}}"),
        List.of(),
        null);
  }
}
