@NullMarked
package io.outrider.policy.eval;

import org.jspecify.annotations.NullMarked;
