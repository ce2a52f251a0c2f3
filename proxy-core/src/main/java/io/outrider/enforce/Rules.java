package io.outrider.enforce;

import io.outrider.policy.PolicySet;
import io.outrider.redaction.Handling;
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
/// @param treatments what the settings say about findings in some places
/// @param vault keeps what tokens stand for
public record Rules(
    PolicySet policy,
    boolean shadow,
    Redactor redactor,
    boolean redactRequests,
    boolean redactResponses,
    Payloads recordPayloads,
    String configDigest,
    Treatments treatments,
    Vault vault) {

  /// How much of arguments and results goes into the audit log.
  public enum Payloads {
    NONE,
    DIGEST,
    REDACTED
  }

  /// Without treatments for some places.
  public Rules(
      PolicySet policy,
      boolean shadow,
      Redactor redactor,
      boolean redactRequests,
      boolean redactResponses,
      Payloads recordPayloads,
      String configDigest) {
    this(
        policy,
        shadow,
        redactor,
        redactRequests,
        redactResponses,
        recordPayloads,
        configDigest,
        Treatments.NONE,
        new Vault());
  }

  /// The same with these treatments.
  public Rules with(Treatments other) {
    return with(policy, redactor, other, vault);
  }

  Rules with(PolicySet other) {
    return with(other, redactor, treatments, vault);
  }

  Rules with(Redactor other) {
    return with(policy, other, treatments, vault);
  }

  Rules with(Vault other) {
    return with(policy, redactor, treatments, other);
  }

  private Rules with(PolicySet p, Redactor r, Treatments t, Vault v) {
    return new Rules(
        p, shadow, r, redactRequests, redactResponses, recordPayloads, configDigest, t, v);
  }

  /// What becomes of the findings in one message.
  Handling handling(Treatments.Subject subject) {
    return treatments.of(subject, vault);
  }

  /// Names of the detectors a policy may ask for.
  List<String> detectors() {
    return redactor.knownDetectors().stream().sorted().toList();
  }
}
