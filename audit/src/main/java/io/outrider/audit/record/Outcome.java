package io.outrider.audit.record;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How a forwarded call ended. Every [Intent] gets exactly one; the log itself writes
/// [#INDETERMINATE] at the next start for calls a crash left open.
///
/// @param callId the call id of the intent
/// @param intentIndex position of the intent, if the caller kept it; otherwise the log fills it in
/// @param slug the stable name of the outcome, such as `completed` or `failed.upstream.timeout`
/// @param upstreamNanos from the first byte sent upstream to the last byte of the answer; 0 when
///   nothing was sent
/// @param totalNanos from the arrival of the call to the end of the reply
/// @param isError the tool said of its own result that it is an error
/// @param errorCode JSON-RPC error code of the answer, if the answer was an error
/// @param response size, digest and (where configured) redacted text of the answer
public record Outcome(
    String callId,
    Instant time,
    OptionalLong intentIndex,
    String slug,
    long upstreamNanos,
    long totalNanos,
    boolean isError,
    OptionalInt errorCode,
    Payload response,
    List<Redaction> redactions,
    @Nullable String detail)
    implements AuditRecord {

  /// Slug of the outcome written for a call of which nobody knows how it ended.
  public static final String INDETERMINATE = "indeterminate";

  public Outcome {
    Checks.callId(callId);
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(intentIndex, "intentIndex");
    Checks.slug(slug);
    Checks.notNegative("upstreamNanos", upstreamNanos);
    Checks.notNegative("totalNanos", totalNanos);
    Objects.requireNonNull(errorCode, "errorCode");
    Objects.requireNonNull(response, "response");
    redactions = List.copyOf(redactions);
  }
}
