package io.outrider.app.serve;

import java.util.List;

/// Something the settings name cannot be used (policies, rules, a port, the audit folder), with
/// every reason.
public final class Unusable extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<String> reasons;

  public Unusable(List<String> reasons) {
    super(String.join("\n", reasons));
    this.reasons = List.copyOf(reasons);
  }

  /// At least one, each a line that names its place.
  public List<String> reasons() {
    return reasons;
  }
}
