/// Calls that end in every way at once.
@NullMarked
package io.outrider.chaos;

import org.jspecify.annotations.NullMarked;
