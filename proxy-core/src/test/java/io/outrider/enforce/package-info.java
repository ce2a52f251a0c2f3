@NullMarked
package io.outrider.enforce;

import org.jspecify.annotations.NullMarked;
