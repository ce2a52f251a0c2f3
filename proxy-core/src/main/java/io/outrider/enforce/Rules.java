package io.outrider.enforce;

import io.outrider.policy.PolicySet;
import io.outrider.redaction.Redactor;
import java.util.List;

/// Everything calls are judged by at one moment. Each call keeps the one it began with, and its
/// audit record names the digests.
///
/// @param policy the compiled policies
/// @param shadow true: denials are recorded and counted, and the call passes
/// @param redactor finds and masks secrets
/// @param redactRequests whether what clients send is redacted before it is forwarded
/// @param redactResponses whether what servers send is redacted before it is delivered
/// @param recordPayloads how much of arguments and results goes into the audit log
/// @param configDigest names the configuration in records
public record Rules(
    PolicySet policy,
    boolean shadow,
    Redactor redactor,
    boolean redactRequests,
    boolean redactResponses,
    Payloads recordPayloads,
    String configDigest) {

  /// How much of arguments and results goes into the audit log.
  public enum Payloads {
    NONE,
    DIGEST,
    REDACTED
  }

  Rules with(PolicySet other) {
    return new Rules(
        other, shadow, redactor, redactRequests, redactResponses, recordPayloads, configDigest);
  }

  Rules with(Redactor other) {
    return new Rules(
        policy, shadow, other, redactRequests, redactResponses, recordPayloads, configDigest);
  }

  /// Names of the detectors a policy may ask for.
  List<String> detectors() {
    return redactor.knownDetectors().stream().sorted().toList();
  }
}
