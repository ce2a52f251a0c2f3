/// Syntax trees to programs: names resolved, calls flattened, bodies ordered so that every variable
/// is bound before it is used, and everything that can be wrong before the first evaluation
/// reported at once.
@NullMarked
package io.outrider.policy.compile;

import org.jspecify.annotations.NullMarked;
