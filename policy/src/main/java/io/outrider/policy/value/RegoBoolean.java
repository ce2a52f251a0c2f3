package io.outrider.policy.value;

/// `true` or `false`. Only two instances exist, so identity comparison is safe.
public final class RegoBoolean implements RegoValue {
  public static final RegoBoolean TRUE = new RegoBoolean(true);
  public static final RegoBoolean FALSE = new RegoBoolean(false);

  private final boolean value;

  private RegoBoolean(boolean value) {
    this.value = value;
  }

  public static RegoBoolean of(boolean value) {
    return value ? TRUE : FALSE;
  }

  public boolean value() {
    return value;
  }

  @Override
  public RegoType type() {
    return RegoType.BOOLEAN;
  }

  @Override
  public int compareTo(RegoValue other) {
    return other instanceof RegoBoolean b
        ? Boolean.compare(value, b.value)
        : RegoType.BOOLEAN.compareTo(other.type());
  }

  @Override
  public String toString() {
    return value ? "true" : "false";
  }
}
