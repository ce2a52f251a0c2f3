@NullMarked
package io.outrider.limit;

import org.jspecify.annotations.NullMarked;
