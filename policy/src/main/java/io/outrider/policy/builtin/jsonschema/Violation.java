package io.outrider.policy.builtin.jsonschema;

/// One way in which a value does not fit its schema.
///
/// @param type the kind of mistake, such as `invalid_type`
/// @param field where it is, such as `a.0.b`, or `(Root)`
/// @param description what is wrong there
public record Violation(String type, String field, String description) {}
