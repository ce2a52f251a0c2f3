package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.call.Failure;
import io.outrider.enforce.PolicyInput.Asker;
import io.outrider.enforce.RedactionGate.Looked;
import io.outrider.enforce.Treatments.Subject;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.jsonrpc.JsonRpcMessage;
import io.outrider.mcp.Era;
import io.outrider.mcp.ErrorCode;
import io.outrider.mcp.McpHeaders;
import io.outrider.mcp.McpMethod;
import io.outrider.mcp.Revision;
import io.outrider.policy.ContentSchema;
import io.outrider.policy.Decision;
import io.outrider.redaction.Detectors;
import io.outrider.redaction.Finding;
import io.outrider.redaction.Handling;
import io.outrider.redaction.MaskStyle;
import io.outrider.session.SessionStore;
import io.outrider.settings.RedactionSettings.Direction;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The way back of an answer. Read [#judge] from top to bottom. Thread-safe.
final class ResultPath {

  /// Kinds of result of 2026-07-28; an absent kind is `complete`.
  private static final Set<String> RESULT_TYPES = Set.of("complete", "input_required", "task");

  private final ServerPipeline server;
  private final ListFilter lists;
  private final ToolCatalog tools;
  private final Transports transports;
  private final SessionStore sessions;

  ResultPath(
      ServerPipeline server,
      ListFilter lists,
      ToolCatalog tools,
      Transports transports,
      SessionStore sessions) {
    this.server = server;
    this.lists = lists;
    this.tools = tools;
    this.transports = transports;
    this.sessions = sessions;
  }

  /// An answer that may be delivered, or why it may not.
  sealed interface Judged {
    /// @param errorCode of a JSON-RPC error
    record Deliver(Answer answer, boolean isError, OptionalInt errorCode, List<Finding> findings)
        implements Judged {}

    record Withhold(Failure failure, List<Finding> findings) implements Judged {}
  }

  /// @param upstreamStatus HTTP status the answer came with; 200 on a stream or a pipe
  Judged judge(Permit permit, JsonRpcMessage answer, int upstreamStatus) {
    return switch (answer) {
      case JsonRpcMessage.Result result -> result(permit, result);
      case JsonRpcMessage.Error error -> error(permit, error, upstreamStatus);
      case JsonRpcMessage.Request _ -> bad("found a request in the place of an answer");
      case JsonRpcMessage.Notification _ -> bad("found a notification in the place of an answer");
    };
  }

  private Judged result(Permit permit, JsonRpcMessage.Result result) {
    Call call = permit.call();
    Rules rules = permit.rules();
    byte[] bytes = result.bytes();

    // 1. Is it an answer at all? A kind of result we do not know could hide anything.
    if (call.era() == Era.MODERN
        && result.resultType() != null
        && !RESULT_TYPES.contains(result.resultType())) {
      return bad(
          "found resultType '"
              + result.resultType()
              + "' (expected: complete, input_required or task)");
    }
    if (call.method() == McpMethod.INITIALIZE) {
      return initialized(permit, bytes);
    }

    // 2. What the server asks of the client inside a result is judged as if it had asked directly.
    if ("input_required".equals(result.resultType())) {
      String denied = deniedAsk(call, rules, bytes);
      if (denied != null) {
        return new Judged.Withhold(new Failure.ResultWithheld("ask_denied", denied), List.of());
      }
    }

    // 3. Lists show what the policy could allow.
    bytes = lists.filter(call, rules, bytes);

    // 4. The response policy sees the answer as the server gave it, secrets included: it decides by
    //    what is there, and nothing it says leaves.
    List<Detectors> demanded = permit.duties().redactResponse();
    if (call.method().isJudged() && rules.policy().judgesResponses()) {
      Verdict verdict = respond(call, rules, bytes);
      if (verdict.denial() != null) {
        return new Judged.Withhold(
            new Failure.ResultWithheld("response_denied", verdict.denial()), List.of());
      }
      demanded = join(demanded, verdict.demanded());
    }

    // 5. Redaction last: nothing is added after it.
    return redacted(permit, demanded, bytes, 200, result.isError(), OptionalInt.empty(), Map.of());
  }

  /// What the response policy said: why not, or what else to take out.
  private record Verdict(@Nullable String denial, List<Detectors> demanded) {}

  private Verdict respond(Call call, Rules rules, byte[] bytes) {
    Decision decision =
        rules
            .policy()
            .decide(
                PolicyInput.response(
                    call,
                    tools.current(call.upstream(), PolicyGate.toolName(call)),
                    transports.of(call.upstream()),
                    Json.tree(bytes)));
    String denial =
        switch (decision) {
          case Decision.Deny deny -> PolicyGate.code(deny) + ": " + PolicyGate.detail(deny);
          case Decision.Allow _ -> null;
        };
    if (decision instanceof Decision.Allow allow) {
      Duties.Reading reading =
          Duties.of(allow.obligations(), call.upstream(), rules.redactor().knownDetectors());
      if (reading.problem() == null) {
        return new Verdict(null, reading.duties().redactResponse());
      }
      denial = reading.problem();
    }
    return new Verdict(rules.shadow() ? null : denial, List.of());
  }

  private static List<Detectors> join(List<Detectors> a, List<Detectors> b) {
    return b.isEmpty() ? a : Stream.concat(a.stream(), b.stream()).toList();
  }

  private Judged error(Permit permit, JsonRpcMessage.Error error, int upstreamStatus) {
    if (permit.call().method() == McpMethod.INITIALIZE && permit.session() != null) {
      permit.session().onClosed();
    }
    byte[] bytes = error.bytes();
    if (error.id() == null) {
      bytes = withId(permit, bytes);
    }
    int status = status(permit.call().era(), error.code(), upstreamStatus);
    return redacted(
        permit,
        permit.duties().redactResponse(),
        bytes,
        status,
        true,
        OptionalInt.of(error.code()),
        Map.of());
  }

  /// HTTP status of a JSON-RPC error: derived, not copied (2026-07-28, transports; reference 2.4).
  private static int status(Era era, int code, int upstreamStatus) {
    if (era == Era.LEGACY) {
      return upstreamStatus == 400 ? 400 : 200;
    }
    return switch (code) {
      case ErrorCode.HEADER_MISMATCH, ErrorCode.MISSING_CAPABILITY, ErrorCode.UNSUPPORTED_VERSION ->
          400;
      case ErrorCode.METHOD_NOT_FOUND -> 404;
      default -> upstreamStatus == 400 ? 400 : 200;
    };
  }

  private Judged initialized(Permit permit, byte[] bytes) {
    JsonNode version = Json.tree(bytes).path("result").path("protocolVersion");
    String text = version.isString() ? version.stringValue() : "";
    if (Revision.of(text).map(Revision::era).orElse(Era.MODERN) != Era.LEGACY
        || permit.session() == null) {
      return bad(
          "found protocolVersion '"
              + text
              + "' in the answer to initialize (expected: one of "
              + Revision.texts(Era.LEGACY)
              + ")");
    }
    Judged judged =
        redacted(
            permit,
            List.of(),
            bytes,
            200,
            false,
            OptionalInt.empty(),
            Map.of(McpHeaders.SESSION_ID, permit.session().id()));
    if (judged instanceof Judged.Deliver) {
      permit.session().onInitialized(text);
      sessions.publish(permit.session());
    }
    return judged;
  }

  private @Nullable String deniedAsk(Call call, Rules rules, byte[] bytes) {
    for (Map.Entry<String, JsonNode> ask :
        Json.tree(bytes).path("result").path("inputRequests").properties()) {
      JsonNode method = ask.getValue().path("method");
      String name = method.isString() ? method.stringValue() : "";
      String denied = server.denial(Asker.of(call), name, ask.getValue().path("params"), rules);
      if (denied != null) {
        return name + ": " + denied;
      }
    }
    return null;
  }

  private Judged redacted(
      Permit permit,
      List<Detectors> demanded,
      byte[] bytes,
      int status,
      boolean isError,
      OptionalInt errorCode,
      Map<String, String> headers) {
    Rules rules = permit.rules();
    if (!rules.redactResponses() && demanded.isEmpty()) {
      return new Judged.Deliver(new Answer(status, bytes, headers), isError, errorCode, List.of());
    }
    return switch (fitting(permit, demanded, bytes)) {
      case Looked.Clean(RedactionGate.Cleaned cleaned) ->
          new Judged.Deliver(
              new Answer(status, cleaned.bytes(), headers), isError, errorCode, cleaned.findings());
      case Looked.Refused refused ->
          new Judged.Withhold(
              new Failure.ResultWithheld(refused.code(), refused.detail()), refused.findings());
    };
  }

  /// Masks that keep more of a value than a label does, the one that keeps least first.
  private static final List<MaskStyle> LIKE_THE_VALUE =
      List.of(MaskStyle.SAME_LENGTH, MaskStyle.SAME_SHAPE);

  /// The answer redacted so that it still is what the tool promises. Where a label in the place of
  /// a secret breaks the promise, stars of the same length may not, or characters of the same kind.
  private Looked fitting(Permit permit, List<Detectors> demanded, byte[] bytes) {
    Call call = permit.call();
    Rules rules = permit.rules();
    Handling handling = rules.handling(Subject.of(call, Direction.RESPONSE));
    Looked looked = RedactionGate.look(bytes, rules, demanded, handling);
    ToolCatalog.Tool tool =
        call.method() == McpMethod.TOOLS_CALL
            ? tools.find(call.upstream(), PolicyGate.toolName(call))
            : null;
    ContentSchema schema = tool == null ? null : tool.output();
    if (!breaks(schema, bytes, looked)) {
      return looked;
    }
    for (MaskStyle style : LIKE_THE_VALUE) {
      looked = RedactionGate.look(bytes, rules, demanded, handling.masking(style));
      if (!breaks(schema, bytes, looked)) {
        return looked;
      }
    }
    if (!(looked instanceof Looked.Clean(RedactionGate.Cleaned cleaned))) {
      return looked;
    }
    String broken = String.valueOf(OutputCheck.broken(schema, bytes, cleaned.bytes()));
    // It names members, and who names them is the server.
    return new Looked.Refused(
        "schema_broken", rules.redactor().redactText(broken), cleaned.findings());
  }

  private static boolean breaks(@Nullable ContentSchema schema, byte[] bytes, Looked looked) {
    return looked instanceof Looked.Clean(RedactionGate.Cleaned cleaned)
        && OutputCheck.broken(schema, bytes, cleaned.bytes()) != null;
  }

  private static byte[] withId(Permit permit, byte[] bytes) {
    ObjectNode tree = Json.tree(bytes);
    switch (permit.call().message().id()) {
      case JsonRpcId.Num n -> tree.put("id", n.value());
      case JsonRpcId.Str s -> tree.put("id", s.value());
    }
    return Json.bytes(tree);
  }

  private static Judged bad(String detail) {
    return new Judged.Withhold(new Failure.UpstreamBadProtocol(detail), List.of());
  }
}
