@NullMarked
package io.outrider.policy.syntax;

import org.jspecify.annotations.NullMarked;
