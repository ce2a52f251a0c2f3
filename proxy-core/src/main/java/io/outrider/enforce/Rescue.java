package io.outrider.enforce;

import io.outrider.call.CallId;
import io.outrider.call.Failure;
import io.outrider.call.Outcome;
import io.outrider.call.Refusal;
import io.outrider.jsonrpc.Json;
import io.outrider.jsonrpc.JsonRpcId;
import io.outrider.mcp.Era;
import io.outrider.mcp.ErrorCode;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// The one place that words an error to a client. Codes and statuses: docs/errors.md, which is
/// generated from here.
public final class Rescue {

  private Rescue() {}

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
      case Refusal.DeniedByPolicy r -> {
        data.put("code", r.code());
        if (r.publicMessage() != null) {
          data.put("message", r.publicMessage());
        }
        yield error(200, ErrorCode.DENIED, "Denied by policy", data, id, Map.of());
      }
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
        yield error(200, ErrorCode.DENIED, "The result is withheld", data, id, Map.of());
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
    switch (id) {
      case JsonRpcId.Num n -> root.put("id", n.value());
      case JsonRpcId.Str s -> root.put("id", s.value());
      case null -> root.putNull("id");
    }
    ObjectNode error = root.putObject("error");
    error.put("code", code);
    error.put("message", message);
    if (data != null) {
      error.set("data", data);
    }
    return new Answer(status, Json.bytes(root), headers);
  }
}
