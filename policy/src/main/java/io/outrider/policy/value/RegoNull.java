package io.outrider.policy.value;

/// The value `null`. It is a value like any other: a body succeeds on it. Undefined is not a
/// [RegoValue] at all.
public final class RegoNull implements RegoValue {
  /// The only instance.
  public static final RegoNull NULL = new RegoNull();

  private RegoNull() {}

  @Override
  public RegoType type() {
    return RegoType.NULL;
  }

  @Override
  public int compareTo(RegoValue other) {
    return other == this ? 0 : -1;
  }

  @Override
  public String toString() {
    return "null";
  }
}
