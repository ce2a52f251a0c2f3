@NullMarked
package io.outrider.policy;

import org.jspecify.annotations.NullMarked;
