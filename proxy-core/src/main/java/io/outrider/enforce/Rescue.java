package io.outrider.enforce;

import io.outrider.call.CallId;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.call.Refusal;
import io.outrider.call.Refusal.DeniedByPolicy.Manner;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.mcp.Era;
import io.outrider.mcp.ErrorCode;
import io.outrider.mcp.McpMethod;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The one place that words an error to a client. Codes and statuses: docs/errors.md, which is
/// generated from here.
public final class Rescue {

  private Rescue() {}

  /// An answer without the secrets that it quotes: errors name what was sent at times.
  ///
  /// @param rules those in force now
  public static Answer withoutSecrets(
      Answer answer, Rules rules, Era era, @Nullable JsonRpcId id, CallId callId) {
    if (answer.json().length == 0) {
      return answer;
    }
    String clean = RedactionGate.tellable(answer.json(), rules);
    return clean == null
        ? answer(new Failure.Internal("the error could not be redacted"), era, id, callId)
        : new Answer(answer.status(), clean.getBytes(StandardCharsets.UTF_8), answer.headers());
  }

  /// The answer to a message that was turned away.
  ///
  /// @param callId under which the audit log has it
  public static Answer answer(Refusal refusal, Era era, @Nullable JsonRpcId id, CallId callId) {
    ObjectNode data = Json.object();
    data.put("decisionId", callId.text());
    return switch (refusal) {
      case Refusal.Malformed r -> {
        Map<String, String> headers =
            r.fault() == Refusal.Fault.HTTP_METHOD
                ? Map.of("allow", "POST, GET, DELETE")
                : Map.of();
        yield error(
            r.fault().status(), r.fault().code(), "Malformed: " + r.detail(), null, id, headers);
      }
      case Refusal.UntrustedOrigin r ->
          error(403, ErrorCode.DENIED, "Forbidden: " + r.detail(), null, id, Map.of());
      case Refusal.UnsupportedVersion r -> {
        ObjectNode versions = Json.object();
        r.supported().forEach(versions.putArray("supported")::add);
        versions.put("requested", r.requested());
        int code = era == Era.MODERN ? ErrorCode.UNSUPPORTED_VERSION : ErrorCode.LEGACY_TRANSPORT;
        yield error(
            400, code, "Unsupported protocol version: " + r.detail(), versions, id, Map.of());
      }
      case Refusal.HeaderMismatch r ->
          error(
              400, ErrorCode.HEADER_MISMATCH, "Header mismatch: " + r.detail(), null, id, Map.of());
      case Refusal.Unauthenticated r ->
          error(
              401,
              ErrorCode.UNAUTHENTICATED,
              "Unauthenticated: " + r.detail(),
              null,
              id,
              Map.of("www-authenticate", "Bearer realm=\"outrider\""));
      case Refusal.DeniedByPolicy r ->
          switch (r.manner()) {
            case Manner.Openly _ -> {
              data.put("code", r.code());
              if (r.publicMessage() != null) {
                data.put("message", r.publicMessage());
              }
              yield error(200, ErrorCode.DENIED, "Denied by policy", data, id, Map.of());
            }
            case Manner.AsUnknown(McpMethod method, String name) -> unknown(method, name, era, id);
            case Manner.ToTheModel _ -> toTheModel(r, era, id);
          };
      case Refusal.Unredactable r -> {
        data.put("code", r.code());
        yield error(
            200,
            ErrorCode.DENIED,
            "Refused: the request holds what must not be sent",
            data,
            id,
            Map.of());
      }
      case Refusal.OverLimit r -> {
        data.put("limit", r.limit());
        data.put("retryAfterSeconds", r.retryAfterSeconds());
        yield error(
            200,
            ErrorCode.OVER_LIMIT,
            "Over the limit: " + r.detail(),
            data,
            id,
            Map.of("retry-after", Long.toString(r.retryAfterSeconds())));
      }
      case Refusal.Abandoned r ->
          error(200, ErrorCode.OVER_LIMIT, "Abandoned: " + r.detail(), data, id, Map.of());
      case Refusal.TooLarge r ->
          error(413, ErrorCode.TOO_LARGE, "Too large: " + r.detail(), null, id, Map.of());
      case Refusal.UnknownTarget r ->
          switch (r.what()) {
            case PATH ->
                error(
                    404,
                    ErrorCode.METHOD_NOT_FOUND,
                    "Not found: " + r.detail(),
                    null,
                    id,
                    Map.of());
            case SESSION ->
                error(404, ErrorCode.LEGACY_SESSION, "Session not found", null, id, Map.of());
            case METHOD ->
                error(
                    era == Era.MODERN ? 404 : 200,
                    ErrorCode.METHOD_NOT_FOUND,
                    "Method not found: " + r.detail(),
                    null,
                    id,
                    Map.of());
          };
      case Refusal.AuditUnavailable _ ->
          error(
              200,
              ErrorCode.UNAVAILABLE,
              "Unavailable: the call cannot be recorded",
              data,
              id,
              Map.of());
      case Refusal.GateBroken _ ->
          error(200, ErrorCode.INTERNAL_ERROR, "Internal error", data, id, Map.of());
      case Refusal.Draining _ -> {
        data.put("retryAfterSeconds", 1);
        yield error(
            503,
            ErrorCode.UNAVAILABLE,
            "Unavailable: shutting down",
            data,
            id,
            Map.of("retry-after", "1"));
      }
    };
  }

  /// What a server says of something it does not have (MCP: tools, prompts and resources, error
  /// handling). Nothing in it tells that there is a policy.
  private static Answer unknown(
      McpMethod method, @Nullable String name, Era era, @Nullable JsonRpcId id) {
    return switch (method) {
      case TOOLS_CALL ->
          error(200, ErrorCode.INVALID_PARAMS, "Unknown tool: " + name, null, id, Map.of());
      case PROMPTS_GET ->
          error(200, ErrorCode.INVALID_PARAMS, "Unknown prompt: " + name, null, id, Map.of());
      case RESOURCES_READ, RESOURCES_SUBSCRIBE, RESOURCES_UNSUBSCRIBE -> {
        ObjectNode data = Json.object();
        data.put("uri", name);
        int code = era == Era.MODERN ? ErrorCode.INVALID_PARAMS : ErrorCode.RESOURCE_NOT_FOUND;
        yield error(200, code, "Resource not found", data, id, Map.of());
      }
      case TASKS_GET, TASKS_RESULT, TASKS_CANCEL, TASKS_UPDATE ->
          error(200, ErrorCode.INVALID_PARAMS, "Task not found", null, id, Map.of());
      default ->
          error(
              era == Era.MODERN ? 404 : 200,
              ErrorCode.METHOD_NOT_FOUND,
              "Method not found",
              null,
              id,
              Map.of());
    };
  }

  private static Answer toTheModel(Refusal.DeniedByPolicy r, Era era, @Nullable JsonRpcId id) {
    ObjectNode root = Json.object();
    root.put("jsonrpc", "2.0");
    putId(root, id);
    ObjectNode result = root.putObject("result");
    if (era == Era.MODERN) {
      result.put("resultType", "complete");
    }
    result
        .putArray("content")
        .addObject()
        .put("type", "text")
        .put(
            "text",
            "Denied by policy"
                + (r.publicMessage() == null ? "" : ": " + r.publicMessage())
                + " (decision "
                + r.decisionId()
                + ")");
    result.put("isError", true);
    return Answer.ok(Json.bytes(root));
  }

  private static void putId(ObjectNode root, @Nullable JsonRpcId id) {
    switch (id) {
      case JsonRpcId.Num n -> root.put("id", n.value());
      case JsonRpcId.Str s -> root.put("id", s.value());
      case null -> root.putNull("id");
    }
  }

  /// The answer to a call that was forwarded and failed.
  public static Answer answer(Failure failure, Era era, @Nullable JsonRpcId id, CallId callId) {
    ObjectNode data = Json.object();
    data.put("decisionId", callId.text());
    data.put("acted", failure.acted().name().toLowerCase(Locale.ROOT));
    return switch (failure) {
      case Failure.UpstreamUnreachable f ->
          error(
              200,
              ErrorCode.UPSTREAM_BROKEN,
              "Upstream unreachable: " + f.detail(),
              data,
              id,
              Map.of());
      case Failure.UpstreamTimedOut f ->
          error(
              200,
              ErrorCode.UPSTREAM_TIMED_OUT,
              "Upstream timed out: " + f.detail(),
              data,
              id,
              Map.of());
      case Failure.UpstreamClosed f ->
          error(
              200, ErrorCode.UPSTREAM_BROKEN, "Upstream closed: " + f.detail(), data, id, Map.of());
      case Failure.UpstreamBadProtocol f ->
          error(
              200,
              ErrorCode.UPSTREAM_BROKEN,
              "Upstream broke the protocol: " + f.detail(),
              data,
              id,
              Map.of());
      case Failure.UpstreamSessionLost _ ->
          error(404, ErrorCode.LEGACY_SESSION, "Session not found", null, id, Map.of());
      case Failure.UpstreamOtherEra f -> {
        data.put("requested", f.requested());
        f.supported().forEach(data.putArray("supported")::add);
        yield era == Era.MODERN
            ? error(
                400,
                ErrorCode.UNSUPPORTED_VERSION,
                "Unsupported protocol version: " + f.detail(),
                data,
                id,
                Map.of())
            : error(
                200,
                ErrorCode.INVALID_PARAMS,
                "Unsupported protocol version: " + f.detail(),
                data,
                id,
                Map.of());
      }
      case Failure.ClientGone f ->
          error(200, ErrorCode.UPSTREAM_BROKEN, "Cancelled: " + f.detail(), data, id, Map.of());
      case Failure.ResultWithheld f -> {
        data.put("code", f.code());
        // Why a policy said no is not for everybody; what broke a schema names members only.
        String why = f.code().equals("schema_broken") ? ": " + f.detail() : "";
        yield error(200, ErrorCode.DENIED, "The result is withheld" + why, data, id, Map.of());
      }
      case Failure.Internal _ ->
          error(200, ErrorCode.INTERNAL_ERROR, "Internal error", data, id, Map.of());
    };
  }

  /// An error to a server whose ask was turned away.
  static byte[] decline(JsonRpcId id, String message) {
    return error(200, ErrorCode.DENIED, message, null, id, Map.of()).json();
  }

  /// The outcome as the slug and the detail of a log line.
  public static String describe(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Completed c -> c.slug();
      case Refusal r -> r.slug() + ": " + r.detail();
      case Failure f -> f.slug() + ": " + f.detail();
    };
  }

  private static Answer error(
      int status,
      int code,
      String message,
      @Nullable ObjectNode data,
      @Nullable JsonRpcId id,
      Map<String, String> headers) {
    ObjectNode root = Json.object();
    root.put("jsonrpc", "2.0");
    putId(root, id);
    ObjectNode error = root.putObject("error");
    error.put("code", code);
    error.put("message", message);
    if (data != null) {
      error.set("data", data);
    }
    return new Answer(status, Json.bytes(root), headers);
  }
}
