@NullMarked
package io.outrider.policy.fmt;

import org.jspecify.annotations.NullMarked;
