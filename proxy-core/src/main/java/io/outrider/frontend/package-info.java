/// Where clients come in.
@NullMarked
package io.outrider.frontend;

import org.jspecify.annotations.NullMarked;
