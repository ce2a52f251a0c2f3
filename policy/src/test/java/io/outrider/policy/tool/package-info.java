@NullMarked
package io.outrider.policy.tool;

import org.jspecify.annotations.NullMarked;
