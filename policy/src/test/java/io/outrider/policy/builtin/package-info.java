@NullMarked
package io.outrider.policy.builtin;

import org.jspecify.annotations.NullMarked;
