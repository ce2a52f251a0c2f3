/// A second evaluator, slow and plain, that the real one is compared with.
@NullMarked
package io.outrider.policy.reference;

import org.jspecify.annotations.NullMarked;
