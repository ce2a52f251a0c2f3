package io.outrider.call;

import io.outrider.mcp.ErrorCode;
import io.outrider.mcp.McpMethod;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a message was turned away. It never reached the upstream: repeating it is safe.
public sealed interface Refusal extends Outcome {

  /// What was found and what was expected, for logs and records. Holds no payload.
  String detail();

  /// The message breaks a rule of HTTP, JSON, JSON-RPC or MCP.
  record Malformed(Fault fault, String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.malformed";
    }
  }

  /// The `Host` or `Origin` is not one this proxy answers (DNS rebinding).
  record UntrustedOrigin(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.origin";
    }
  }

  /// A protocol revision that is not served, or not by this upstream.
  record UnsupportedVersion(String requested, List<String> supported, String detail)
      implements Refusal {
    public UnsupportedVersion {
      supported = List.copyOf(supported);
    }

    @Override
    public String slug() {
      return "refused.version";
    }
  }

  /// A mirrored header is missing, malformed or differs from the body (2026-07-28).
  record HeaderMismatch(String header, String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.header_mismatch";
    }
  }

  /// No credential, or none that is known.
  record Unauthenticated(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.unauthenticated";
    }
  }

  /// The policy did not allow it, or could not be evaluated.
  ///
  /// @param decisionId what the caller may quote to whoever reads the audit log
  /// @param code machine-readable reason
  /// @param publicMessage what the caller may read, or null
  /// @param detail every reason, for records
  /// @param manner how the caller is told
  record DeniedByPolicy(
      String decisionId, String code, @Nullable String publicMessage, String detail, Manner manner)
      implements Refusal {

    /// How the caller is told.
    public sealed interface Manner {
      /// By an error that says so.
      record Openly() implements Manner {}

      /// As a server tells that there is no such thing.
      ///
      /// @param name the tool, prompt or URI asked for; null when the method names none
      record AsUnknown(McpMethod method, @Nullable String name) implements Manner {}

      /// By a tool's result, which the model reads.
      record ToTheModel() implements Manner {}
    }

    /// Told by an error.
    public DeniedByPolicy(
        String decisionId, String code, @Nullable String publicMessage, String detail) {
      this(decisionId, code, publicMessage, detail, new Manner.Openly());
    }

    @Override
    public String slug() {
      return "refused.denied";
    }
  }

  /// A rule that blocks found a secret in the request, or redaction failed.
  record Unredactable(String code, String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.redaction";
    }
  }

  /// Too many calls under way or started.
  ///
  /// @param limit which limit, such as `per_tool`
  /// @param retryAfter when another try makes sense, at least one second
  record OverLimit(String limit, Duration retryAfter, String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.over_limit";
    }

    public long retryAfterSeconds() {
      return Math.max(1, retryAfter.plusNanos(999_999_999).toSeconds());
    }
  }

  /// The client took the call back, or left, while it waited for its turn. Nobody waits for an
  /// answer.
  record Abandoned(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.abandoned";
    }
  }

  /// The message is larger than configured.
  record TooLarge(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.too_large";
    }
  }

  /// Nothing by that name: a path, a session, a method.
  record UnknownTarget(What what, String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.unknown_" + what.name().toLowerCase(java.util.Locale.ROOT);
    }

    /// What is unknown.
    public enum What {
      PATH,
      SESSION,
      METHOD
    }
  }

  /// The call cannot be recorded, so it must not happen.
  record AuditUnavailable(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.audit_unavailable";
    }
  }

  /// A gate broke: a mistake of ours, and no reason to let anything pass.
  record GateBroken(String detail) implements Refusal {
    @Override
    public String slug() {
      return "refused.internal";
    }
  }

  /// The proxy is shutting down.
  record Draining() implements Refusal {
    @Override
    public String slug() {
      return "refused.draining";
    }

    @Override
    public String detail() {
      return "the proxy is shutting down";
    }
  }

  /// Which rule a malformed message breaks, with the HTTP status and JSON-RPC code that answer it.
  enum Fault {
    NOT_JSON(400, ErrorCode.PARSE_ERROR),
    NOT_A_MESSAGE(400, ErrorCode.INVALID_REQUEST),
    BAD_PARAMS(400, ErrorCode.INVALID_PARAMS),
    BAD_HTTP(400, ErrorCode.LEGACY_TRANSPORT),
    NO_SESSION(400, ErrorCode.LEGACY_TRANSPORT),
    HTTP_METHOD(405, ErrorCode.LEGACY_TRANSPORT),
    NOT_ACCEPTABLE(406, ErrorCode.LEGACY_TRANSPORT),
    STREAM_TAKEN(409, ErrorCode.LEGACY_TRANSPORT),
    MEDIA_TYPE(415, ErrorCode.LEGACY_TRANSPORT),
    HEADERS_TOO_LARGE(431, ErrorCode.LEGACY_TRANSPORT);

    private final int status;
    private final int code;

    Fault(int status, int code) {
      this.status = status;
      this.code = code;
    }

    public int status() {
      return status;
    }

    public int code() {
      return code;
    }
  }
}
