/// The language a reviewer asks in. Knows nothing of where the answer comes from.
@NullMarked
package io.outrider.review.query;

import org.jspecify.annotations.NullMarked;
