package io.outrider.policy.value;

/// The seven kinds of Rego value, in sort order.
public enum RegoType {
  NULL("null"),
  BOOLEAN("boolean"),
  NUMBER("number"),
  STRING("string"),
  ARRAY("array"),
  OBJECT("object"),
  SET("set");

  private final String regoName;

  RegoType(String regoName) {
    this.regoName = regoName;
  }

  /// The name used by `type_name` and in OPA's error texts.
  public String regoName() {
    return regoName;
  }
}
