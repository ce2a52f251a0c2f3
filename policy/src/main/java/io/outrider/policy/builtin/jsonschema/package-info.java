/// JSON Schema (drafts 4, 6 and 7, and OPA's mix of them): compiling schemas and validating values,
/// with the messages of the library that OPA uses.
@NullMarked
package io.outrider.policy.builtin.jsonschema;

import org.jspecify.annotations.NullMarked;
