package io.outrider.audit.record;

import java.util.Objects;

/// On whose behalf a call was made, and how we know.
///
/// @param id stable identifier, such as the subject of a token
/// @param type `user`, `service`, `process`, ...
/// @param verifiedBy the means of verification: `jwt:<issuer>`, `mtls`, `api-key:<name>`,
///   `stdio-peer`; `none` when unverified
public record Principal(String id, String type, String verifiedBy) {

  /// Nobody we could name.
  public static final Principal UNKNOWN = new Principal("", "unknown", "none");

  public Principal {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(verifiedBy, "verifiedBy");
  }
}
