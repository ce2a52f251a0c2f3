/// The running proxy: settings and live parts in, a listening server out.
@NullMarked
package io.outrider.proxy;

import org.jspecify.annotations.NullMarked;
