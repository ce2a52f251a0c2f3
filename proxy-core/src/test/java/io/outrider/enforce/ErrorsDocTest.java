package io.outrider.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import io.outrider.call.CallId;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.Fault;
import io.outrider.call.Refusal.UnknownTarget.What;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.mcp.Era;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// `docs/errors.md` is what [Rescue] says about each outcome. Run with `-Ddocs.write=true` to write
/// it anew.
class ErrorsDocTest {

  private static final CallId CALL = new CallId("01M7WJXRR23GAJA6QV2A7PE2PG");

  private static final Map<Outcome, String> MEANING = new LinkedHashMap<>();

  static {
    for (Fault fault : Fault.values()) {
      MEANING.put(
          new Refusal.Malformed(fault, "…"),
          "The message breaks a rule of HTTP, JSON, JSON-RPC or MCP ("
              + fault.name().toLowerCase(Locale.ROOT)
              + "). Mend the client.");
    }
    MEANING.put(
        new Refusal.UntrustedOrigin("…"),
        "`Host` or `Origin` is not one this proxy answers. Name it under `listen.allowed_hosts` or `listen.allowed_origins` if it is yours.");
    MEANING.put(
        new Refusal.UnsupportedVersion("1900-01-01", List.of("2026-07-28"), "…"),
        "The protocol revision is not served.");
    MEANING.put(
        new Refusal.HeaderMismatch("Mcp-Name", "…"),
        "A mirrored header is missing, malformed or differs from the body. List the tools again, then repeat.");
    MEANING.put(new Refusal.Unauthenticated("…"), "No API key, or none that is known.");
    MEANING.put(
        new Refusal.DeniedByPolicy(CALL.text(), "read_only", "notes are read-only here", "…"),
        "The policy did not allow it, or could not be evaluated. `data.code` says why; the audit log has the rest under `data.decisionId`.");
    MEANING.put(
        new Refusal.Unredactable("secret_blocked", "…"),
        "A rule that blocks found a secret in the request, or redaction failed.");
    MEANING.put(
        new Refusal.OverLimit("tool", Duration.ofSeconds(2), "…"),
        "Too many calls under way or started. Repeat after `data.retryAfterSeconds`.");
    MEANING.put(
        new Refusal.Abandoned("…"),
        "The client cancelled or left while the call waited for its turn. Recorded; nobody is there to read an answer.");
    MEANING.put(new Refusal.TooLarge("…"), "The message is larger than `sizes.max_body`.");
    for (What what : What.values()) {
      MEANING.put(
          new Refusal.UnknownTarget(what, "…"),
          "Nothing by that name: "
              + what.name().toLowerCase(Locale.ROOT)
              + (what == What.SESSION ? ". Initialize again." : "."));
    }
    MEANING.put(
        new Refusal.AuditUnavailable("…"),
        "The audit log cannot take the record, so the call must not happen.");
    MEANING.put(
        new Refusal.GateBroken("…"),
        "A gate broke: a mistake of ours. Nothing passed. Please report it.");
    MEANING.put(new Refusal.Draining(), "The proxy is shutting down. Repeat at once, elsewhere.");
    MEANING.put(new Failure.UpstreamUnreachable("…"), "No connection, or no process.");
    MEANING.put(
        new Failure.UpstreamTimedOut("…"),
        "No sign of life within `timeouts.idle`, or no end within `timeouts.absolute`.");
    MEANING.put(
        new Failure.UpstreamClosed("…"), "The connection or the process ended before the answer.");
    MEANING.put(
        new Failure.UpstreamBadProtocol("…"),
        "The upstream answered with something that is not MCP.");
    MEANING.put(
        new Failure.UpstreamSessionLost("…"),
        "The upstream no longer knows the session. Initialize again.");
    MEANING.put(
        new Failure.UpstreamOtherEra("2026-07-28", List.of("2025-11-25"), "…"),
        "The upstream speaks only the other protocol era; the two are not bridged yet.");
    MEANING.put(
        new Failure.ClientGone("…"),
        "The client cancelled or left. Recorded; nobody is there to read an answer.");
    MEANING.put(
        new Failure.ResultWithheld("response_denied", "…"),
        "The answer came and must not be delivered: the response policy denied it, it asks for what the policy forbids, it cannot be redacted, or redacted it no longer satisfies its `outputSchema`.");
    MEANING.put(new Failure.Internal("…"), "A mistake of ours. Please report it.");
  }

  @Test
  void everyOutcomeIsDescribed() {
    List<Class<?>> described =
        MEANING.keySet().stream().<Class<?>>map(Object::getClass).distinct().toList();
    List<Class<?>> known = new ArrayList<>(Arrays.asList(Refusal.class.getPermittedSubclasses()));
    known.addAll(Arrays.asList(Failure.class.getPermittedSubclasses()));
    assertThat(described).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void slugsAreStableWords() {
    assertThat(MEANING.keySet())
        .allSatisfy(o -> assertThat(o.slug()).matches("(refused|failed)(\\.[a-z_]+)+"));
  }

  @Test
  void docsSayWhatRescueSays() throws IOException {
    Path file = Path.of(System.getProperty("outrider.root"), "docs", "errors.md");
    String expected = page();
    if (Boolean.getBoolean("docs.write")) {
      Files.writeString(file, expected);
    }
    assertThat(Files.readString(file))
        .as("docs/errors.md; write it with -Ddocs.write=true")
        .isEqualTo(expected);
  }

  private static String page() {
    StringBuilder page =
        new StringBuilder(
            """
            # Every way a call can end without its result

            Generated from the types `Refusal`, `Failure` and `Rescue`. The slug stands in the audit log, in metrics (`outcome`) and in
            the operator's log. HTTP status and code are those a client of the modern era (2026-07-28) sees before a stream has begun;
            inside a stream the same error comes as an event.

            A **refused** message never reached the upstream: repeating it is safe. Of a **failed** call the column *acted* says whether the
            upstream did what was asked.

            | Slug | HTTP | Code | Acted | Meaning |
            |---|---|---|---|---|
            """);
    MEANING.forEach((outcome, meaning) -> {
      Answer answer = answer(outcome);
      String acted =
          outcome instanceof Failure f ? f.acted().name().toLowerCase(Locale.ROOT) : "no";
      page.append("| `")
          .append(outcome.slug())
          .append("` | ")
          .append(answer.status())
          .append(" | ")
          .append(Json.tree(answer.json()).path("error").path("code").asInt())
          .append(" | ")
          .append(acted)
          .append(" | ")
          .append(meaning)
          .append(" |\n");
    });
    page.append(
        """

        ## What it looks like

        """);
    page.append(
        MEANING.keySet().stream()
            .filter(o ->
                o instanceof Refusal.DeniedByPolicy
                    || o instanceof Refusal.OverLimit
                    || o instanceof Failure.UpstreamTimedOut)
            .map(o -> "```json\n" + Json.tree(answer(o).json()) + "\n```\n")
            .collect(Collectors.joining("\n")));
    return page.toString();
  }

  private static Answer answer(Outcome outcome) {
    JsonRpcId id = new JsonRpcId.Num(7);
    return switch (outcome) {
      case Refusal refusal -> Rescue.answer(refusal, Era.MODERN, id, CALL);
      case Failure failure -> Rescue.answer(failure, Era.MODERN, id, CALL);
      case Outcome.Completed _ -> throw new AssertionError("a completed call has its own answer");
    };
  }
}
