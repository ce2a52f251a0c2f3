/// Time stamps of RFC 3161 over checkpoints: getting them, and checking them years later.
@NullMarked
package io.outrider.review.timestamp;

import org.jspecify.annotations.NullMarked;
