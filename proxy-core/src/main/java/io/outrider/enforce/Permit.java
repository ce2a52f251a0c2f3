package io.outrider.enforce;

import io.outrider.call.Call;
import io.outrider.limit.Ticket;
import io.outrider.redaction.Finding;
import io.outrider.session.ClientSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The proof that one call passed every gate: policy allowed it, a place is held for it, secrets
/// are out of it, and its intent is in the audit log. Only this package makes one; forwarding takes
/// one.
public final class Permit {

  private final Call call;
  private final @Nullable ClientSession session;
  private final Rules rules;
  private final Duties duties;
  private final byte[] bytes;
  private final List<Call.ParamHeader> paramHeaders;
  private final List<Finding> findings;
  private final @Nullable Ticket ticket;
  private final long intentIndex;

  Permit(
      Call call,
      @Nullable ClientSession session,
      Rules rules,
      Duties duties,
      RedactionGate.Cleaned cleaned,
      List<Call.ParamHeader> paramHeaders,
      @Nullable Ticket ticket,
      long intentIndex) {
    this.call = call;
    this.session = session;
    this.rules = rules;
    this.duties = duties;
    this.bytes = cleaned.bytes();
    this.findings = cleaned.findings();
    this.paramHeaders = paramHeaders;
    this.ticket = ticket;
    this.intentIndex = intentIndex;
  }

  public Call call() {
    return call;
  }

  /// The legacy session, or null in the modern era.
  public @Nullable ClientSession session() {
    return session;
  }

  /// The message to send: what was judged, redacted.
  public byte[] bytes() {
    return bytes;
  }

  /// Mirrored arguments to send as headers, redacted.
  public List<Call.ParamHeader> paramHeaders() {
    return paramHeaders;
  }

  Rules rules() {
    return rules;
  }

  Duties duties() {
    return duties;
  }

  List<Finding> findings() {
    return findings;
  }

  @Nullable Ticket ticket() {
    return ticket;
  }

  long intentIndex() {
    return intentIndex;
  }
}
