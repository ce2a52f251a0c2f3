/// One call and how it can end: the closed vocabulary everything else speaks.
@NullMarked
package io.outrider.call;

import org.jspecify.annotations.NullMarked;
