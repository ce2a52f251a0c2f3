/// Comparison with a real OPA: which modules both accept and which both reject, and where.
@NullMarked
package io.outrider.policy.differ;

import org.jspecify.annotations.NullMarked;
