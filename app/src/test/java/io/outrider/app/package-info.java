@NullMarked
package io.outrider.app;

import org.jspecify.annotations.NullMarked;
