/// A disposable index beside the log, in SQLite: finds records by what they say, counts them over
/// time. Never trusted: what it finds is read again from the log.
@NullMarked
package io.outrider.review.index;

import org.jspecify.annotations.NullMarked;
