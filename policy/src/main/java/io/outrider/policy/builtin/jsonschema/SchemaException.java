package io.outrider.policy.builtin.jsonschema;

/// A schema that makes no sense; the message is OPA's.
public final class SchemaException extends RuntimeException {
  public SchemaException(String message) {
    super(message, null, false, false);
  }

  static SchemaException invalidType(String expected, String given) {
    return new SchemaException("Invalid type. Expected: " + expected + ", given: " + given);
  }
}
