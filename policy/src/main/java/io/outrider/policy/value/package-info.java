/// The values Rego policies compute with: immutable, totally ordered as in OPA, and readable from
/// and writable to JSON.
@NullMarked
package io.outrider.policy.value;

import org.jspecify.annotations.NullMarked;
