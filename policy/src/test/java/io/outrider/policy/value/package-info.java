@NullMarked
package io.outrider.policy.value;

import org.jspecify.annotations.NullMarked;
