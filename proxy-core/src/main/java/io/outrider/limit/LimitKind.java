package io.outrider.limit;

/// What a call was over, or is waiting for. The slug is stable: it appears in audit records,
/// metrics and the answer to the client.
public enum LimitKind {
  /// The calls under way at one upstream.
  UPSTREAM("upstream"),
  /// The calls under way of one tool.
  TOOL("tool"),
  /// The calls under way of one principal.
  PRINCIPAL("principal"),
  /// The calls under way that a policy counts together.
  POLICY("policy"),
  /// The calls of one principal per time.
  PRINCIPAL_RATE("principal-rate"),
  /// The calls per time that a policy counts together.
  POLICY_RATE("policy-rate"),
  /// The places to wait in.
  QUEUE("queue"),
  /// The different names the limiter can keep count of at one time.
  KEYS("keys");

  private final String slug;

  LimitKind(String slug) {
    this.slug = slug;
  }

  /// The name of this limit outside the program.
  public String slug() {
    return slug;
  }
}
