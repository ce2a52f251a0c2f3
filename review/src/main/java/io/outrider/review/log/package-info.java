/// Reads single records of a log.
@NullMarked
package io.outrider.review.log;

import org.jspecify.annotations.NullMarked;
