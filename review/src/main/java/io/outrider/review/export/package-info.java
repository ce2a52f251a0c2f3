/// Writes what a search found in forms that other tools read.
@NullMarked
package io.outrider.review.export;

import org.jspecify.annotations.NullMarked;
