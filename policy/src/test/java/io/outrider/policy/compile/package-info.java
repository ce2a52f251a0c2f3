@NullMarked
package io.outrider.policy.compile;

import org.jspecify.annotations.NullMarked;
