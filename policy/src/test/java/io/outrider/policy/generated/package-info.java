/// Modules and inputs made at random from a seed, with what a real OPA says to each.
@NullMarked
package io.outrider.policy.generated;

import org.jspecify.annotations.NullMarked;
