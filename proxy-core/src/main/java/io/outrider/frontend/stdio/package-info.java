/// One client over stdin and stdout.
@NullMarked
package io.outrider.frontend.stdio;

import org.jspecify.annotations.NullMarked;
