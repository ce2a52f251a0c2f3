package io.outrider.policy;

import io.outrider.policy.value.RegoObject;
import java.util.Objects;

/// A condition on an allow: whoever enforces the decision must understand and carry out every one,
/// else refuse.
///
/// @param type what is to be done (`redact`, `limit`, ...)
/// @param params the whole object as the policy wrote it, `type` included
public record Obligation(String type, RegoObject params) {
  public Obligation {
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(params, "params");
  }
}
