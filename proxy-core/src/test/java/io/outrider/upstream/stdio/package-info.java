@NullMarked
package io.outrider.upstream.stdio;

import org.jspecify.annotations.NullMarked;
