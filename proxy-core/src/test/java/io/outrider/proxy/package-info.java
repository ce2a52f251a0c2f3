@NullMarked
package io.outrider.proxy;

import org.jspecify.annotations.NullMarked;
