package io.outrider.audit.record;

import java.time.Instant;
import java.util.Objects;

/// Who asked for what, from where and when: what an [Intent] and a [Refusal] have in common.
///
/// @param callId our own id of the call, `[A-Za-z0-9._:-]{1,64}`; joins the records of one call
public record CallFacts(
    String callId,
    Instant time,
    Principal principal,
    Client client,
    Source source,
    Target target,
    Payload input) {

  public CallFacts {
    Checks.callId(callId);
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(principal, "principal");
    Objects.requireNonNull(client, "client");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(input, "input");
  }

  /// The facts of a message that could not be read: only where it came from and what it weighed.
  public static CallFacts unread(
      String callId, Instant time, Principal principal, Source source, Payload input) {
    return new CallFacts(callId, time, principal, Client.UNKNOWN, source, Target.UNKNOWN, input);
  }
}
