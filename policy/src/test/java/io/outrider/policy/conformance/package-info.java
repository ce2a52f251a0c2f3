/// Runs OPA's own language-neutral evaluation cases against the engine.
@NullMarked
package io.outrider.policy.conformance;

import org.jspecify.annotations.NullMarked;
