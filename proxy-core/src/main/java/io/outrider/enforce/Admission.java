package io.outrider.enforce;

import io.outrider.call.Refusal;

/// The answer of the gates to one request.
public sealed interface Admission {

  /// It may be forwarded.
  record Granted(Permit permit) implements Admission {}

  /// It may not, and nothing of it has left.
  record Refused(Refusal refusal) implements Admission {}
}
